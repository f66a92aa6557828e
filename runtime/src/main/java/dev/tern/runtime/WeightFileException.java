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
        super("weight file " + resource + ": " + problem + "; " + remedy);
        this.resource = resource;
    }

    WeightFileException(String resource, String problem, String remedy, Throwable cause) {
        this(resource, problem, remedy);
        initCause(cause);
    }

    /** The weight file's name as the class asked for it. */
    public String resource() {
        return resource;
    }
}
