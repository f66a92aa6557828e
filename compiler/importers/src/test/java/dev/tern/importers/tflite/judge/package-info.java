/**
 * A second reading of TFLite's format and arithmetic, naive and written apart from the importer, which judges what
 * imported models answer. It shares nothing with the importer, not even the library that reads flatbuffers.
 */
package dev.tern.importers.tflite.judge;
