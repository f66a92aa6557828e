package dev.tern.quantizer.network;

/** The entry of a table [n, ...] at each example's step, the table learned or constant. */
final class TableRow implements TrainedLayer {
    private final Signal step;
    private final Signal table;
    private final Signal output;

    /** @param step one number for each example, 0..n-1 */
    TableRow(Signal step, Signal table, Signal output) {
        this.step = step;
        this.table = table;
        this.output = output;
    }

    @Override
    public void forward(Mode mode) {
        int length = output.size / step.size;
        for (int n = 0; n < output.batch * step.size; n++) {
            System.arraycopy(table.value, (int) step.value[n] * length, output.value, n * length, length);
        }
    }

    @Override
    public void backward() {
        int length = output.size / step.size;
        for (int n = 0; table.isDifferentiable() && n < output.batch * step.size; n++) {
            int row = (int) step.value[n] * length;
            for (int i = 0; i < length; i++) {
                table.gradient[row + i] += output.gradient[n * length + i];
            }
        }
    }
}
