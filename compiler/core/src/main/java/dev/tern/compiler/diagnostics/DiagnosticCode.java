package dev.tern.compiler.diagnostics;

/** Every kind of diagnostic, by the number a user can look up. */
public enum DiagnosticCode {
    // Text
    UNREADABLE_FILE("T0001"), BAD_CHARACTER("T0002"), SYNTAX_ERROR("T0003"), NESTED_TOO_DEEP(
            "T0004"), NUMBER_OUT_OF_RANGE("T0005"), BAD_ESCAPE("T0006"), FILE_TOO_LARGE("T0007"), NAME_TOO_LONG(
                    "T0008"),
    // Names
    UNKNOWN_NAME("T0101"), DUPLICATE_NAME("T0102"), UNKNOWN_OP("T0103"), RECURSIVE_BLOCK("T0104"), NO_MODEL(
            "T0105"), SEVERAL_MODELS("T0106"), OUTPUT_NOT_DEFINED("T0107"), UNUSED_VALUE(
                    "T0108"), USED_BEFORE_DEFINITION("T0109"), MISPLACED_STATEMENT("T0110"),
    // Arguments
    BAD_ARGUMENT("T0201"), MISSING_ARGUMENT("T0202"), SURPLUS_ARGUMENT("T0203"), UNKNOWN_ARGUMENT(
            "T0204"), DUPLICATE_ARGUMENT("T0205"), NOT_A_CONSTANT("T0206"), NOT_A_FUNCTION("T0207"), NOT_A_TENSOR(
                    "T0208"),
    // Shapes and types
    SHAPE_MISMATCH("T0301"), BAD_SHAPE("T0302"), SHAPE_TOO_LARGE("T0303"), ELEMENT_MISMATCH("T0304"), MODEL_TOO_LARGE(
            "T0305"),
    // Schemes
    BAD_SCHEME("T0401"), BITS_OUT_OF_RANGE("T0402"), SCHEME_MISPLACED("T0403"),
    // Parameters
    PARAMETERS_UNREADABLE("T0501"), PARAMETERS_MALFORMED("T0502"), PARAMETER_MISSING("T0503"), PARAMETER_SURPLUS(
            "T0504"), PARAMETER_MISSHAPEN("T0505"), PARAMETER_NOT_FINITE("T0506"), PARAMETERS_OUTSIDE(
                    "T0507"), PARAMETERS_UNKNOWN_FORMAT("T0508"), PARAMETER_BAD_TYPE("T0509"), PARAMETERS_NOT_NAMED(
                            "T0510"), PARAMETER_BAD_CODE("T0511"), LAYOUT_UNSAID("T0512"), WEIGHTS_CHANGED("T0513"),
    // Schedules by measurement
    TUNING_MALFORMED("T0601"), TUNING_UNUSED("T0602"),
    // Models of other tools
    FOREIGN_UNREADABLE("T0701"), FOREIGN_MALFORMED("T0702"), FOREIGN_UNSUPPORTED("T0703"), FOREIGN_MISMATCH("T0704"),
    // What the compiler cannot do with a correct model
    NOT_LOWERED("T0901"), BUDGET_EXCEEDED("T0902"), ACCUMULATOR_OVERFLOW("T0903"), NOT_TRAINABLE(
            "T0905"), CLASS_NAME("T0906"), NOT_STREAMED("T0907"),
    // Data given to a model
    INPUT_UNREADABLE("T1001"), INPUT_MISSHAPEN("T1002"), INPUT_NOT_FINITE("T1003"), INPUT_UNKNOWN(
            "T1004"), INPUT_MISSING("T1005"), LABELS_MISMATCH("T1006"), DATA_UNREADABLE("T1007"), OUTPUT_UNWRITABLE(
                    "T1008");

    private final String id;

    DiagnosticCode(String id) {
        this.id = id;
    }

    /** {@code T0301} and the like; never changes its meaning. */
    public String id() {
        return id;
    }
}
