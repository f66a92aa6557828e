package com.acme;

import java.util.Iterator;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Reads digits out of a table of pictures: rows of {@code id: long, image: binary}, 784 grey values each. The model is
 * in the job's jar; executors need nothing else.
 */
public final class DigitJob {
    /** What {@link #scored} gives: the scores of the ten digits as they are, and the name of the greatest. */
    public static final StructType SCORED = new StructType(new StructField[]{
        new StructField("id", DataTypes.LongType, false, Metadata.empty()),
        new StructField("digit", DataTypes.StringType, false, Metadata.empty()),
        new StructField("scores", DataTypes.createArrayType(DataTypes.FloatType, false), false, Metadata.empty())});

    /** A model is confined to a thread, and each task has one: weights are shared by all, memory to work in is not. */
    private static final ThreadLocal<Digits> DIGITS = ThreadLocal.withInitial(Digits::new);

    private DigitJob() {
    }

    /** Every picture with its scores, partition by partition. */
    public static Dataset<Row> scored(Dataset<Row> pictures) {
        return pictures.select("id", "image").mapPartitions((MapPartitionsFunction<Row, Row>) DigitJob::scored,
                Encoders.row(SCORED));
    }

    private static Iterator<Row> scored(Iterator<Row> pictures) {
        Digits digits = DIGITS.get();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return pictures.hasNext();
            }

            @Override
            public Row next() {
                Row picture = pictures.next();
                var scores = digits.run(picture.<byte[]>getAs(1));
                return RowFactory.create(picture.getLong(0), scores.label(), scores.values());
            }
        };
    }

    /** The same as a function of a column, {@code digit(image)} in SQL: the name of the digit. */
    public static void register(SparkSession spark) {
        UDF1<byte[], String> digit = image -> DIGITS.get().run(image).label();
        spark.udf().register("digit", functions.udf(digit, DataTypes.StringType));
    }

    /** Reads a Parquet folder and writes one. */
    public static void main(String[] folders) {
        SparkSession spark = SparkSession.builder().appName("digits").getOrCreate();
        scored(spark.read().parquet(folders[0])).write().parquet(folders[1]);
        spark.stop();
    }
}
