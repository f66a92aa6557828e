package dev.tern.importers.numpy;

import java.lang.reflect.Array;
import java.util.List;

/** Brings the elements of an array into row-major order. */
final class RowMajor {
    private RowMajor() {
    }

    /**
     * Reorders elements of which the first index varies fastest.
     *
     * @param array a primitive array with as many elements as the dimensions say
     * @return a new array of the same type, or the same one where the orders agree
     */
    static <T> T of(T array, List<Long> dimensions) {
        int rank = dimensions.size();
        int length = Array.getLength(array);
        if (rank < 2 || length == 0) {
            return array;
        }
        @SuppressWarnings("unchecked")
        T result = (T) Array.newInstance(array.getClass().getComponentType(), length);
        int[] strides = new int[rank];
        int stride = 1;
        for (int d = 0; d < rank; d++) {
            strides[d] = stride;
            stride *= Math.toIntExact(dimensions.get(d));
        }
        int[] index = new int[rank];
        int from = 0;
        for (int to = 0; to < length; to++) {
            System.arraycopy(array, from, result, to, 1);
            for (int d = rank - 1; d >= 0; d--) {
                from += strides[d];
                if (++index[d] < dimensions.get(d)) {
                    break;
                }
                from -= strides[d] * index[d];
                index[d] = 0;
            }
        }
        return result;
    }
}
