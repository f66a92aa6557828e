package dev.tern.compiler.analysis.parameters;

import dev.tern.compiler.graph.Shape;
import java.util.List;

/**
 * How a file of some layout holds a parameter.
 *
 * @param names the paths to look for; the first that is there is taken
 * @param orders of which one has the file's dimensions; at least one
 */
record StoredForm(List<String> names, List<ElementOrder> orders) {
    StoredForm {
        names = List.copyOf(names);
        orders = List.copyOf(orders);
    }

    /** A parameter that lies in every file as it is. */
    static StoredForm plain(String name, Shape shape) {
        return new StoredForm(List.of(name), List.of(ElementOrder.same(shape)));
    }

    /** The order that has the dimensions, or null. */
    ElementOrder order(List<Long> dimensions) {
        return orders.stream().filter(order -> order.dimensions().equals(dimensions)).findFirst().orElse(null);
    }
}
