package dev.tern.compiler.diagnostics;

/** How bad it is; only errors stop a compilation. */
public enum Severity {
    ERROR, WARNING
}
