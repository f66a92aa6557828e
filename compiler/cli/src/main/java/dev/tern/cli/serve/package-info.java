/**
 * Models over HTTP: the Open Inference Protocol, version 2, in JSON, and a page to try a model in a browser. May depend
 * on {@code runtime}, {@code cli.output}, {@code com.fasterxml.jackson.core} and {@code com.sun.net.httpserver}.
 */
package dev.tern.cli.serve;
