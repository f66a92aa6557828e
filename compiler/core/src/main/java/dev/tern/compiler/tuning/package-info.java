/**
 * Schedules by measurement: a tuner that times the candidates of each product on this machine, the file that keeps what
 * it found, and the choice that a compilation makes by it. Never required: without a file the cost model chooses. May
 * depend on {@code bytecode.model}, {@code diagnostics}, {@code files}, {@code graph}, {@code kernel.*},
 * {@code pipeline}, {@code target}, {@code runtime} and {@code com.fasterxml.jackson.core}.
 */
package dev.tern.compiler.tuning;
