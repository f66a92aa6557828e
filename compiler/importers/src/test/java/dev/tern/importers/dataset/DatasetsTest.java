package dev.tern.importers.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.graph.Shape;
import dev.tern.importers.dataset.DatasetRequest.Part;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetsTest {
    private static final DatasetRequest TEST = DatasetRequest.of(Part.TEST);
    private static final DatasetRequest TRAINING = DatasetRequest.of(Part.TRAINING);

    @TempDir
    private Path folder;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static float[] example(Dataset dataset, int example) {
        float[] values = new float[dataset.shape().elements()];
        dataset.copy(example, values, 0);
        return values;
    }

    private static int[] labels(Dataset dataset) {
        return ((Dataset.Targets.Classes) dataset.targets()).labels();
    }

    private static List<String> names(Dataset dataset) {
        return ((Dataset.Targets.Classes) dataset.targets()).names();
    }

    private static void refused(Path path, DatasetRequest request, String... messages) {
        var thrown = assertThatThrownBy(() -> Datasets.read(path, request))
                .isInstanceOf(CompilationFailedException.class);
        for (String message : messages) {
            thrown.hasMessageContaining(message);
        }
    }

    @Test
    void aTablesClassesMayBeTexts() throws IOException {
        Path table = file("iris.csv", "5.1,3.5,setosa\n4.9,-3e0,virginica\n\n4,5,setosa\n");
        Dataset dataset = Datasets.read(table, TEST);
        assertThat(dataset.shape()).isEqualTo(Shape.of(2));
        assertThat(dataset.count()).isEqualTo(3);
        assertThat(example(dataset, 1)).containsExactly(4.9f, -3f);
        assertThat(labels(dataset)).containsExactly(0, 1, 0);
        assertThat(names(dataset)).containsExactly("setosa", "virginica");
        assertThat(dataset.classes()).isEqualTo(2);
    }

    @Test
    void numbersFromZeroAreLabelsAndOthersAreNumbered() throws IOException {
        assertThat(labels(Datasets.read(file("a.csv", "1,2,0\n3,4,5\n"), TEST))).containsExactly(0, 5);
        Dataset others = Datasets.read(file("b.csv", "1,2,4\n3,4,2\n5,6,10\n"), TEST);
        assertThat(labels(others)).containsExactly(1, 0, 2);
        assertThat(names(others)).containsExactly("2", "4", "10");
    }

    @Test
    void theLabelsColumnIsFoundByHeadingNumberOrPlace() throws IOException {
        Path headed = file("h.csv", "class;a;b\nx;1;2\ny;3;4\n");
        assertThat(example(Datasets.read(headed, TEST), 1)).containsExactly(3f, 4f);
        Path numbers = file("n.tsv", "1\t7\t2\n0\t8\t4\n");
        assertThat(labels(Datasets.read(numbers, TEST.labelledBy("1")))).containsExactly(1, 0);
        assertThat(example(Datasets.read(numbers, TEST.labelledBy("-3")), 0)).containsExactly(7f, 2f);
        assertThat(example(Datasets.read(file("s.txt", " 1 2 3\n 4 5 6\n"), TEST.fitting(Shape.of(3))), 1))
                .containsExactly(4f, 5f, 6f);
        refused(headed, TEST.labelledBy("species"), "no column 'species'", "class, a, b");
    }

    @Test
    void aTablesFaultsAreNamedWithTheirLine() throws IOException {
        refused(file("text.csv", "1,2,0\n1,two,0\n"), TEST, "line 2 has 'two' in column 2");
        refused(file("empty.csv", "1,2,0\n1,,0\n"), TEST, "line 2 has nothing in column 2");
        refused(file("nan.csv", "1,2,0\n1,nan,0\n1,NaN,0\n"), TEST, "line 2 has 'nan'");
        refused(file("short.csv", "1,2,0\n1,2\n"), TEST, "line 2 has 2 cells where the first has 3");
        refused(file("none.csv", "\n \n"), TEST, "is empty");
        refused(file("heads.csv", "a,b\n"), TEST, "has headings and no example");
    }

    @Test
    void cifarsPlanesBecomeChannels() throws IOException {
        byte[] records = new byte[2 * 3073];
        records[3073] = 9;
        records[3073 + 1 + 5] = 10;
        records[3073 + 1 + 1024 + 5] = 20;
        records[3073 + 1 + 2048 + 5] = (byte) 255;
        Files.write(folder.resolve("test_batch.bin"), records);
        Dataset dataset = Datasets.read(folder, TEST);
        assertThat(dataset.shape()).isEqualTo(Shape.of(32, 32, 3));
        assertThat(labels(dataset)).containsExactly(0, 9);
        assertThat(Arrays.copyOfRange(example(dataset, 1), 15, 18)).containsExactly(10 / 255f, 20 / 255f, 1f);
        refused(folder, TRAINING, "has no files of the part that is wanted");
        Path half = Files.write(folder.resolve("data_batch_1.bin"), Arrays.copyOf(records, 4000));
        refused(half, TEST, "ends inside record 1");
        records[0] = 10;
        Files.write(half, records);
        refused(half, TEST, "has label 10 in record 0");
    }

    @Test
    void sheetsHoldAPictureInARow() throws IOException {
        BufferedImage sheet = new BufferedImage(1024, 1000, BufferedImage.TYPE_3BYTE_BGR);
        sheet.setRGB(33, 999, 0x010203);
        ImageIO.write(sheet, "png", folder.resolve("cifar10_batch_0.png").toFile());
        file("cifar10_labels.js", "var labels=[" + "1, ".repeat(999) + "7];");
        Dataset dataset = Datasets.read(folder, TRAINING);
        assertThat(dataset.count()).isEqualTo(1000);
        assertThat(dataset.label(998)).isEqualTo(1);
        assertThat(dataset.label(999)).isEqualTo(7);
        assertThat(dataset.stored(999 * 3072 + 33 * 3 + 1)).isEqualTo(2f);
        refused(folder, TEST, "has no sheet of the part that is wanted");
        file("cifar10_labels.js", "var labels=[1, 2];");
        refused(folder, TRAINING, "cifar10_labels.js ends after 2");
    }

    /** Each new pixel is the mean of three old ones, of which the farthest counts a third. */
    @Test
    void picturesOfOneSizeAreMadeToFit() throws IOException {
        byte[] images = ByteBuffer.allocate(16 + 2 * 16).putInt(0x803).putInt(2).putInt(4).putInt(4).array();
        for (int i = 0; i < 16; i++) {
            images[16 + 16 + i] = (byte) (70 * (i % 4));
        }
        Files.write(folder.resolve("t10k-images-idx3-ubyte"), images);
        Files.write(folder.resolve("t10k-labels-idx1-ubyte"), new byte[]{0, 0, 8, 1, 0, 0, 0, 2, 5, 6});
        DatasetRequest wanted = TEST.fitting(Shape.of(2, 2, 1));
        assertThat(Datasets.read(folder, wanted).shape()).isEqualTo(Shape.of(4, 4, 1));
        Dataset dataset = Datasets.read(folder, wanted.resizing(true));
        assertThat(dataset.shape()).isEqualTo(Shape.of(2, 2, 1));
        assertThat(labels(dataset)).containsExactly(5, 6);
        assertThat(example(dataset, 1)).containsExactly(50 / 255f, 160 / 255f, 50 / 255f, 160 / 255f);

        byte[] record = new byte[3073];
        Arrays.fill(record, 1, 1025, (byte) 10);
        Arrays.fill(record, 2049, 3073, (byte) 255);
        Path file = Files.write(folder.resolve("data_batch_1.bin"), record);
        Dataset colours = Datasets.read(file, TEST.fitting(Shape.of(20, 24, 3)).resizing(true));
        assertThat(colours.shape()).isEqualTo(Shape.of(20, 24, 3));
        assertThat(Arrays.copyOfRange(example(colours, 0), 1437, 1440)).containsExactly(10 / 255f, 0f, 1f);
    }

    private void picture(String name, int width, int height, int rgb) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, rgb);
        }
        Path path = folder.resolve(name);
        Files.createDirectories(path.getParent());
        ImageIO.write(image, name.substring(name.lastIndexOf('.') + 1), path.toFile());
    }

    /** Otherwise the pictures of a class behind one that is missing would be of another class. */
    @Test
    void foldersCalledByDigitsAreClassesThemselves() throws IOException {
        picture("0/a.png", 2, 2, 0);
        picture("3/a.png", 2, 2, 0);
        Dataset dataset = Datasets.read(folder, TEST);
        assertThat(labels(dataset)).containsExactly(0, 3);
        assertThat(names(dataset)).containsExactly("0", "1", "2", "3");
    }

    @Test
    void rowsWithASingleOneAreClasses() throws IOException {
        Path archive = folder.resolve("a.npz");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            zip.putNextEntry(new ZipEntry("x.npy"));
            zip.write(bytes("(2, 1)", 5, 6));
            zip.closeEntry();
            zip.putNextEntry(new ZipEntry("y.npy"));
            zip.write(bytes("(2, 3)", 0, 0, 1, 1, 0, 0));
        }
        assertThat(labels(Datasets.read(archive, TEST))).containsExactly(2, 0);
    }

    private static byte[] bytes(String shape, int... values) {
        String header = "{'descr': '|u1', 'fortran_order': False, 'shape': " + shape + ", }";
        ByteBuffer bytes = ByteBuffer.allocate(128 + values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(new byte[]{(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) 118);
        bytes.put((header + " ".repeat(117 - header.length()) + "\n").getBytes(StandardCharsets.US_ASCII));
        for (int value : values) {
            bytes.put((byte) value);
        }
        return bytes.array();
    }

    @Test
    void aFolderOfPicturesIsAClass() throws IOException {
        picture("test/dog/10.png", 2, 3, 0xff0000);
        picture("test/dog/9.png", 2, 3, 0x0000ff);
        picture("test/cat/a.jpg", 2, 3, 0x808080);
        Dataset dataset = Datasets.read(folder, TEST);
        assertThat(dataset.shape()).isEqualTo(Shape.of(3, 2, 3));
        assertThat(names(dataset)).containsExactly("cat", "dog");
        assertThat(labels(dataset)).containsExactly(0, 1, 1);
        assertThat(example(dataset, 1)).startsWith(0f, 0f, 1f);
        assertThat(dataset.stored(0)).isBetween(120f, 136f);
        Dataset grey = Datasets.read(folder, TEST.fitting(Shape.of(6, 4, 1)).resizing(true));
        assertThat(grey.shape()).isEqualTo(Shape.of(6, 4, 1));
        assertThat(grey.stored(2 * 24)).isEqualTo(76f);
        picture("test/dog/11.png", 3, 3, 0);
        refused(folder, TEST, "the picture is [3, 3, 3] where those before it are [3, 2, 3]");
        Files.writeString(folder.resolve("test/dog/9.png"), "no picture");
        refused(folder, TEST, "9.png", "this is not a PNG file");
    }

    @Test
    void anArchiveOfPicturesIsReadLikeAFolder() throws IOException {
        picture("train/dog/1.png", 2, 3, 0xff0000);
        picture("train/cat/2.png", 2, 3, 0x00ff00);
        picture("test/dog/3.jpg", 2, 3, 0x808080);
        Path zip = folder.resolve("pictures.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            for (String name : List.of("train/", "train/dog/1.png", "train/cat/2.png", "test/dog/3.jpg")) {
                out.putNextEntry(new ZipEntry(name));
                out.write(name.endsWith("/") ? new byte[0] : Files.readAllBytes(folder.resolve(name)));
            }
        }
        Dataset training = Datasets.read(zip, TRAINING);
        assertThat(names(training)).containsExactly("cat", "dog");
        assertThat(example(training, 0)).startsWith(0f, 1f, 0f);
        assertThat(Datasets.read(zip, TEST).count()).isEqualTo(1);
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            out.putNextEntry(new ZipEntry("train/dog/1.png"));
            out.write(1);
        }
        refused(zip, TRAINING, "pictures.zip/train/dog/1.png", "the PNG file ends in the middle");
        byte[] whole = Files.readAllBytes(zip);
        Files.write(zip, Arrays.copyOf(whole, whole.length - 30));
        refused(zip, TRAINING, "pictures.zip is no whole zip archive: ");
        Files.writeString(zip, "no archive");
        refused(zip, TRAINING, "pictures.zip is no whole zip archive: ");
    }

    @Test
    void examplesAreJoinedClassByClass() {
        Dataset some = new Dataset("some", Shape.of(1), new Dataset.Values.Numbers(new float[]{1, 2, 3}),
                new Dataset.Targets.Classes(new int[]{1, 0, 1}, List.of("a", "b")));
        Dataset others = new Dataset("others", Shape.of(1), new Dataset.Values.Numbers(new float[]{4, 5}),
                new Dataset.Targets.Classes(new int[]{0, 1}, List.of("a", "b")));
        Dataset all = some.with(others);
        assertThat(labels(all)).containsExactly(0, 0, 1, 1, 1);
        assertThat(((Dataset.Values.Numbers) all.values()).elements()).containsExactly(2, 4, 1, 3, 5);
        assertThat(some.withoutTargets().with(others.withoutTargets()).count()).isEqualTo(5);
        assertThatIllegalArgumentException().isThrownBy(() -> some.with(others.withoutTargets()))
                .withMessage("examples of other classes or numbers: the classes [a, b] and none");
        assertThat(some.holdsTheSame(some.withoutTargets())).isTrue();
        assertThat(some.holdsTheSame(others)).isFalse();
        assertThat(some.select(0, 1).holdsTheSame(others)).isFalse();
    }

    /** A .npy file. @param type {@code <f4}, {@code |u1} */
    private static byte[] npy(String type, String shape, byte[] elements) {
        StringBuilder header = new StringBuilder("{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape
                + ", }");
        while ((10 + header.length() + 1) % 64 != 0) {
            header.append(' ');
        }
        header.append('\n');
        byte[] text = header.toString().getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        byte[] all = new byte[10 + text.length + elements.length];
        byte[] start = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) text.length, (byte) (text.length >> 8)};
        System.arraycopy(start, 0, all, 0, 10);
        System.arraycopy(text, 0, all, 10, text.length);
        System.arraycopy(elements, 0, all, 10 + text.length, elements.length);
        return all;
    }

    private Path npz(String name, String inputs, String targets, byte[] labels) throws IOException {
        Path path = folder.resolve(name);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(path))) {
            zip.putNextEntry(new ZipEntry(inputs + ".npy"));
            zip.write(npy("|u1", "(3, 2, 1)", new byte[]{1, 2, 3, 4, 5, (byte) 200}));
            zip.putNextEntry(new ZipEntry(targets + ".npy"));
            zip.write(npy("|i1", "(" + labels.length + ",)", labels));
        }
        return path;
    }

    @Test
    void archivesHoldInputsAndLabels() throws IOException {
        Dataset dataset = Datasets.read(npz("a.npz", "x_test", "y_test", new byte[]{2, 0, 1}), TEST);
        assertThat(dataset.shape()).isEqualTo(Shape.of(2, 1));
        assertThat(example(dataset, 2)).containsExactly(5f, 200f);
        assertThat(labels(dataset)).containsExactly(2, 0, 1);
        assertThat(labels(dataset.select(2, 0))).containsExactly(1, 2);
        assertThat(example(dataset.select(2, 0), 1)).containsExactly(1f, 2f);
        refused(folder.resolve("a.npz"), TRAINING, "holds the arrays x_test, y_test");
        refused(npz("b.npz", "images", "labels", new byte[]{1, 2}), TEST, "has labels [2] for 3 examples");
        refused(npz("c.npz", "images", "labels", new byte[]{1, 2, -1}), TEST, "has label -1.0 at example 2");
        Path plain = Files.write(folder.resolve("d.npy"), npy("|u1", "(3, 2)", new byte[6]));
        assertThat(Datasets.read(plain, TEST.fitting(Shape.of(1, 2))).labelled()).isFalse();
        Path infinite = Files.write(folder.resolve("e.npy"),
                npy("<f4", "(1, 1)", new byte[]{0, 0, (byte) 0x80, 0x7f}));
        refused(infinite, TEST, "has Infinity in example 0");
    }

    /** Not classes numbered in their order. */
    @Test
    void aModelOfOneNumberTakesNumbers() throws IOException {
        Dataset table = Datasets.read(file("t.csv", "rooms,price\n3,250.5\n1,-7\n"), TEST.wantingNumbers(true));
        assertThat(table.targets()).isInstanceOfSatisfying(Dataset.Targets.Numbers.class,
                numbers -> assertThat(numbers.elements()).containsExactly(250.5f, -7f));
        Dataset archive = Datasets.read(npz("n.npz", "x", "y", new byte[]{2, 0, 1}), TEST.wantingNumbers(true));
        assertThat(archive.targets()).isInstanceOfSatisfying(Dataset.Targets.Numbers.class,
                numbers -> assertThat(numbers.elements()).containsExactly(2f, 0f, 1f));
        refused(file("u.csv", "3,cheap\n1,dear\n"), TEST.wantingNumbers(true),
                "line 1 has 'cheap' in column 2, which is no finite number");
    }

    @Test
    void examplesOfSeveralInputsAreRowsOfBoth() throws IOException {
        Path archive = npz("a.npz", "x_test", "n", new byte[]{2, 0, 1});
        DatasetRequest request = TEST.joining(new TreeMap<>(Map.of("n", Shape.of(1), "x", Shape.of(2, 1))));
        Dataset dataset = Datasets.read(archive, request);
        assertThat(dataset.shape()).isEqualTo(Shape.of(3));
        assertThat(example(dataset, 2)).containsExactly(1f, 5f, 200f);
        assertThat(dataset.labelled()).isFalse();
        refused(archive, TEST.joining(Map.of("x", Shape.of(2), "z", Shape.of(1))), "and the model has the input z");
        refused(archive, TEST.joining(Map.of("x", Shape.of(3))), "has the array x [3, 2, 1] where the model takes [3]");
        refused(npz("b.npz", "x", "n", new byte[]{2, 0}), request, "has 3 examples in x and 2 in the array before it");
        refused(file("t.csv", "1,2\n"), request, "the model has the inputs n, x: give an .npz archive");
    }

    @Test
    void valuesAreChangedAsAnInputTakesThem() throws IOException {
        Dataset numbers = Datasets.read(npz("a.npz", "x", "y", new byte[]{2, 0, 1}), TEST).changed(2, -1);
        assertThat(example(numbers, 2)).containsExactly(9f, 399f);
        assertThat(example(numbers.select(2), 0)).containsExactly(9f, 399f);
        assertThat(numbers.stored(5)).isEqualTo(200);
        Dataset pixels = new Dataset("p", Shape.of(1), new Dataset.Values.Pixels(new byte[]{(byte) 255, 51}),
                new Dataset.Targets.None());
        assertThat(example(pixels.changed(255, 0), 1)).containsExactly(51f);
        assertThat(example(pixels.changed(255, 0).changed(1, 2), 0)).containsExactly(257f);
        assertThat(pixels.changed(1, 0)).isSameAs(pixels);
    }

    @Test
    void classesThatAreOtherNumbersThanTheirLabelsAreTold() throws IOException {
        assertThat(Datasets.read(file("a.csv", "x,label\n5,0\n6,-1\n7,-1\n"), TEST).renumbered())
                .contains("class -1 is output 0, class 0 is output 1");
        assertThat(Datasets.read(file("b.csv", "x,label\n5,0\n6,2\n"), TEST).renumbered()).isEmpty();
        assertThat(Datasets.read(file("c.csv", "x,label\n5,cat\n6,1\n"), TEST).renumbered()).isEmpty();
        StringBuilder many = new StringBuilder("x,label\n");
        for (int i = 1; i < 13; i++) {
            many.append("5,").append(i).append('\n');
        }
        assertThat(Datasets.read(file("d.csv", many.toString()), TEST).renumbered().orElseThrow())
                .endsWith("class 10 is output 9, and so on");
    }

    @Test
    void channelsAreChangedByNumbersOfTheirOwn() {
        Dataset pixels = new Dataset("p", Shape.of(1, 2, 2), new Dataset.Values.Numbers(new float[]{0, 1, 2, 3, 4, 5, 6,
            7}), new Dataset.Targets.None());
        Dataset changed = pixels.changed(new Contrast(List.of(10f, 100f), List.of(0f, -1f)));
        assertThat(example(changed, 0)).containsExactly(0, 99, 20, 299);
        assertThat(example(changed, 1)).containsExactly(40, 499, 60, 699);
        assertThat(changed.taken(5)).isEqualTo(499);
        assertThat(example(changed.select(1), 0)).containsExactly(40, 499, 60, 699);
        assertThat(example(pixels.changed(new Contrast(List.of(2f), List.of(0f, -1f))), 0)).containsExactly(0, 1, 4, 5);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pixels.changed(new Contrast(List.of(1f, 2f, 3f), List.of(0f))))
                .withMessage("examples have 2 channels, and there are 3 numbers to change them by: [1.0, 2.0, 3.0]");
        assertThatIllegalArgumentException().isThrownBy(() -> new Contrast(List.of(), List.of(0f)));
        assertThatIllegalArgumentException().isThrownBy(() -> Contrast.of(1, Float.POSITIVE_INFINITY));
    }

    @Test
    void whatIsNoDataSetIsToldWhatOneIs() throws IOException {
        refused(folder.resolve("absent"), TEST, "absent does not exist");
        refused(file("model.onnx", ""), TEST, "is no data set of a known kind", "a .csv or .tsv table",
                "a folder or .zip of pictures");
    }

    /** Inputs of MLPerf Tiny: signed bytes, in the order of their list. */
    @Test
    void rawSamplesWithAList() throws IOException {
        Path raw = Files.createDirectories(folder.resolve("raw"));
        Files.write(raw.resolve("b_Stop.bin"), new byte[]{-128, 0, 127});
        Files.write(raw.resolve("a_Go.bin"), new byte[]{1, 2, 3});
        Files.writeString(raw.resolve("y_labels.csv"), "b_Stop.bin,12,7\na_Go.bin, 12, 0\n");
        Dataset dataset = Datasets.read(raw, TEST);
        assertThat(dataset.count()).isEqualTo(2);
        assertThat(example(dataset, 0)).containsExactly(-128, 0, 127);
        assertThat(labels(dataset)).containsExactly(7, 0);
        Path zip = folder.resolve("raw.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            for (String name : List.of("y_labels.csv", "a_Go.bin", "b_Stop.bin")) {
                out.putNextEntry(new ZipEntry(name));
                out.write(Files.readAllBytes(raw.resolve(name)));
            }
        }
        assertThat(example(Datasets.read(zip, TEST), 1)).containsExactly(1, 2, 3);
        Files.writeString(raw.resolve("y_labels.csv"), "b_Stop.bin,12,12\n");
        refused(raw, TEST, "raw has label 12 of 12 classes in line 1 of y_labels.csv");
        Files.writeString(raw.resolve("y_labels.csv"), "b_Stop.bin,12,1\nc.bin,12,1\n");
        refused(raw, TEST, "raw lists c.bin, which");
        Files.write(raw.resolve("c.bin"), new byte[]{1});
        refused(raw, TEST, "has 1 bytes in c.bin, and 3 in the first");
        Files.writeString(raw.resolve("y_labels.csv"), "b_Stop.bin,seven\n");
        refused(raw, TEST, "no name, number of classes and label in line 1");
    }
}
