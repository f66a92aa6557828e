package dev.tern.compiler.code;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Statements between braces, put together in order. A name stands for one local at a time, as in Java. */
public final class Block {
    private final Set<String> names;
    private final List<Instruction> statements = new ArrayList<>();

    /** The body of a method. */
    public Block(List<Local> parameters) {
        names = new HashSet<>();
        parameters.forEach(parameter -> claim(parameter.name()));
    }

    private Block(Set<String> names) {
        this.names = new HashSet<>(names);
    }

    public List<Instruction> statements() {
        return Collections.unmodifiableList(statements);
    }

    public Local declare(String name, Value value) {
        claim(name);
        Local local = Local.declared(name, value.type());
        statements.add(new Instruction.Declare(local, value));
        return local;
    }

    public void assign(Local local, Value value) {
        local.reassign();
        statements.add(new Instruction.Assign(local, value));
    }

    public void update(Local local, Operator operator, Value value) {
        local.reassign();
        statements.add(new Instruction.Update(local, operator, value));
    }

    public void store(Value.ArrayElement target, Value value) {
        statements.add(new Instruction.Store(target, value));
    }

    public void update(Value.ArrayElement target, Operator operator, Value value) {
        statements.add(new Instruction.UpdateElement(target, operator, value));
    }

    public void store(Value.Global target, Value value) {
        statements.add(new Instruction.StoreGlobal(target, value));
    }

    /** Copies neighbouring elements. @param from the first of them, @param to where it goes */
    public void copy(Value.ArrayElement from, Value.ArrayElement to, Value count) {
        statements.add(new Instruction.Copy(from, to, count));
    }

    /** Stores all lanes of a vector to neighbouring elements of an array. */
    public void storeVector(Value vector, Value array, Value index) {
        statements.add(new Instruction.StoreVector(vector, array, index));
    }

    public void loop(String counter, int from, int to, BiConsumer<Block, Local> body) {
        loop(counter, Value.of(from), Value.of(to), 1, body);
    }

    /** Adds {@code for (int counter = from; counter < to; counter += step)}. */
    public void loop(String counter, Value from, Value to, int step, BiConsumer<Block, Local> body) {
        Block inner = new Block(names);
        inner.claim(counter);
        Local local = Local.declared(counter, ValueType.INT);
        body.accept(inner, local);
        statements.add(new Instruction.For(local, from, to, step, inner));
    }

    public void when(Value condition, Consumer<Block> whenTrue) {
        statements.add(new Instruction.If(condition, nested(whenTrue), Optional.empty()));
    }

    public void when(Value condition, Consumer<Block> whenTrue, Consumer<Block> whenFalse) {
        statements.add(new Instruction.If(condition, nested(whenTrue), Optional.of(nested(whenFalse))));
    }

    public void call(Value call) {
        statements.add(new Instruction.Evaluate(call));
    }

    public void returns(Value value) {
        statements.add(new Instruction.Return(Optional.of(value)));
    }

    public void returns() {
        statements.add(new Instruction.Return(Optional.empty()));
    }

    public void fail(Value.Foreign error) {
        statements.add(new Instruction.Fail(error));
    }

    public void atLine(int line) {
        statements.add(new Instruction.AtLine(line));
    }

    public void remark(String text) {
        statements.add(new Instruction.Remark(text));
    }

    private Block nested(Consumer<Block> body) {
        Block inner = new Block(names);
        body.accept(inner);
        return inner;
    }

    private void claim(String name) {
        IllTypedException.require(names.add(name), "there is a local %s already", name);
    }
}
