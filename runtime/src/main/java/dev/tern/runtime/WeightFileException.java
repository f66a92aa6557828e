package dev.tern.runtime;

/**
 * A weight file cannot be used: it is missing, damaged, of another version, or belongs to another class. Thrown while
 * a generated class is initialised it arrives as the cause of an {@link ExceptionInInitializerError}.
 */
public final class WeightFileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String resource;

    /**
     * @param resource the weight file's name
     * @param problem what was found and what was expected
     * @param remedy what to do about it
     */
    WeightFileException(String resource, String problem, String remedy) {
        super("weight file " + printable(resource) + ": " + printable(problem) + "; " + remedy);
        this.resource = resource;
    }

    WeightFileException(String resource, String problem, String remedy, Throwable cause) {
        this(resource, problem, remedy);
        initCause(cause);
    }

    /** A text of the file as a terminal may show it: what would control the terminal is escaped as in Java. */
    private static String printable(String text) {
        StringBuilder shown = new StringBuilder();
        for (char c : text.toCharArray()) {
            boolean obeyed = switch (Character.getType(c)) {
                case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                    true;
                default -> false;
            };
            shown.append(obeyed ? String.format("\\u%04x", (int) c) : c);
        }
        return shown.toString();
    }

    /** The weight file's name as the class asked for it. */
    public String resource() {
        return resource;
    }
}
