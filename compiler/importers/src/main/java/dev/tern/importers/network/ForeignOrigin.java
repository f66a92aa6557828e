package dev.tern.importers.network;

/**
 * The node of the foreign file that something comes from.
 *
 * @param name the node's name, or the name of what it computes where it has none
 * @param operator the operator as the file spells it
 */
public record ForeignOrigin(String name, String operator) {
    @Override
    public String toString() {
        return name + " (" + operator + ")";
    }
}
