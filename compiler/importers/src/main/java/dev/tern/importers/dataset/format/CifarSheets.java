package dev.tern.importers.dataset.format;

import dev.tern.compiler.files.OutsideFile;
import dev.tern.importers.dataset.Dataset;
import dev.tern.importers.dataset.DatasetFormat;
import dev.tern.importers.dataset.DatasetRequest;
import dev.tern.importers.dataset.InputProblem;
import dev.tern.importers.dataset.picture.FittedPictures;
import dev.tern.importers.dataset.picture.Image;
import dev.tern.importers.dataset.picture.PngReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * CIFAR-10 as ConvNetJS ships it: {@code cifar10_batch_0.png} to {@code 49} to learn from and {@code 50} to measure
 * by, each of 1,000 pictures, one picture of 32x32 in a row of 1,024 pixels; {@code cifar10_labels.js} beside them has
 * the labels of all. One such sheet, or a folder with them.
 */
public final class CifarSheets implements DatasetFormat {
    private static final String SHEET = "cifar10_batch_([0-9]{1,3})\\.png";
    private static final int TEST_SHEET = 50;
    private static final int PER_SHEET = 1000;
    private static final int MOST_BYTES = 1 << 22;

    @Override
    public String description() {
        return "CIFAR-10 as sheets of pictures (cifar10_batch_50.png and cifar10_labels.js)";
    }

    @Override
    public boolean recognises(Path path) {
        return String.valueOf(path.getFileName()).matches(SHEET) || !Folders.files(path, SHEET).isEmpty();
    }

    @Override
    public Dataset read(Path path, DatasetRequest request) {
        boolean folder = Files.isDirectory(path);
        List<Path> sheets = !folder
                ? List.of(path)
                : Folders.files(path, SHEET).stream()
                        .filter(sheet -> number(sheet) >= TEST_SHEET == (request.part() == DatasetRequest.Part.TEST))
                        .toList();
        if (sheets.isEmpty()) {
            throw InputProblem.data(path, "has no sheet of the part that is wanted: those from "
                    + "cifar10_batch_50.png on are for tests, the others for training");
        }
        int size = CifarFormat.PICTURE.elements();
        byte[] pixels = new byte[sheets.size() * PER_SHEET * size];
        int[] labels = new int[sheets.size() * PER_SHEET];
        List<Integer> all = labels(OutsideFile.folderOf(sheets.getFirst()));
        for (int i = 0; i < sheets.size(); i++) {
            Path sheet = sheets.get(i);
            int first = number(sheet) * PER_SHEET;
            if (all.size() < first + PER_SHEET) {
                throw InputProblem.data(sheet, "has no labels: cifar10_labels.js ends after " + all.size());
            }
            char[] samples = samples(folder ? path : OutsideFile.folderOf(path), sheet);
            for (int k = 0; k < samples.length; k++) {
                pixels[i * PER_SHEET * size + k] = (byte) samples[k];
            }
            for (int k = 0; k < PER_SHEET; k++) {
                labels[i * PER_SHEET + k] = all.get(first + k);
            }
        }
        return FittedPictures.of(path.toString(), CifarFormat.PICTURE, pixels,
                new Dataset.Targets.Classes(labels, CifarFormat.CLASSES), request);
    }

    private static int number(Path sheet) {
        Matcher name = Pattern.compile(SHEET).matcher(sheet.getFileName().toString());
        return name.matches() ? Integer.parseInt(name.group(1)) : 0;
    }

    private static char[] samples(Path folder, Path sheet) {
        try (PngReader png = new PngReader(OutsideFile.inside(folder, sheet))) {
            if (png.width() != 32 * 32 || png.height() != PER_SHEET) {
                throw InputProblem.data(sheet, "is " + png.width() + "x" + png.height()
                        + " pixels where a sheet of 1,000 pictures is 1024x1000");
            }
            Image image = png.read().withChannels(3);
            if (image.highest() != 255) {
                throw InputProblem.data(sheet, "has more than eight bits a sample");
            }
            return image.samples();
        } catch (IOException e) {
            throw InputProblem.data(sheet, e.getMessage());
        }
    }

    private static List<Integer> labels(Path folder) {
        Path file = folder.resolve("cifar10_labels.js");
        String text;
        try {
            text = new String(OutsideFile.inside(folder, file).bytes(MOST_BYTES), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw InputProblem.data(file, e.getMessage());
        }
        List<Integer> labels = new ArrayList<>();
        Matcher digits = Pattern.compile("[0-9]+").matcher(text.substring(text.indexOf('[') + 1));
        while (digits.find()) {
            if (digits.group().length() != 1) {
                throw InputProblem.data(file, "has label " + digits.group() + "; they are 0..9");
            }
            labels.add(digits.group().charAt(0) - '0');
        }
        return labels;
    }
}
