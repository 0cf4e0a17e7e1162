package io.orrery.engine.tensor;

import io.orrery.engine.tensor.FourBitTable.Rounding;
import io.orrery.engine.tensor.FourBitTable.Table;
import java.lang.foreign.MemorySegment;

/** One way to store a row of numbers in blocks. Stateless. */
public interface BlockFormat {
    DType dtype();

    /** Decodes blocks to F32. */
    void dequantize(MemorySegment from, long fromOffset, float[] to, int toOffset, int elements);

    /** Encodes F32 into blocks. */
    void quantize(float[] from, int fromOffset, MemorySegment to, long toOffset, int elements);

    /** @throws IllegalArgumentException naming the dtype where none exists */
    static BlockFormat of(DType dtype) {
        return switch (dtype) {
            case F64 -> new F64Format();
            case F32 -> new F32Format();
            case F16 -> new F16Format();
            case BF16 -> new BF16Format();
            case F8_E4M3, F8_E5M2, F8_E4M3FNUZ, F8_E5M2FNUZ, F8_E8M0 -> new F8Format(dtype);
            case Q8_0 -> new Q8_0Format();
            case Q4_0 -> new CodedFormat(dtype, new Q4_0Codec());
            case Q4_1 -> new CodedFormat(dtype, new Q4_1Codec());
            case Q5_0 -> new CodedFormat(dtype, new Q5_0Codec());
            case Q5_1 -> new CodedFormat(dtype, new Q5_1Codec());
            case Q2_K -> new CodedFormat(dtype, new Q2_KCodec());
            case Q3_K -> new CodedFormat(dtype, new Q3_KCodec());
            case Q4_K -> new CodedFormat(dtype, new Q4_KCodec());
            case Q5_K -> new CodedFormat(dtype, new Q5_KCodec());
            case Q6_K -> new CodedFormat(dtype, new Q6_KCodec());
            case IQ4_NL -> new CodedFormat(dtype, new IQ4_NLCodec());
            case IQ4_XS -> new CodedFormat(dtype, new IQ4_XSCodec());
            case MXFP4 -> new CodedFormat(dtype, new MXFP4Codec());
            case NF4 -> new CodedFormat(dtype, new FourBitTable(Table.NF4, Rounding.F32));
            case NF4_F16 -> new CodedFormat(dtype, new FourBitTable(Table.NF4, Rounding.F16));
            case NF4_BF16 -> new CodedFormat(dtype, new FourBitTable(Table.NF4, Rounding.BF16));
            case FP4 -> new CodedFormat(dtype, new FourBitTable(Table.FP4, Rounding.F32));
            case FP4_F16 -> new CodedFormat(dtype, new FourBitTable(Table.FP4, Rounding.F16));
            case FP4_BF16 -> new CodedFormat(dtype, new FourBitTable(Table.FP4, Rounding.BF16));
            case INT4 -> new CodedFormat(dtype, new INT4Codec());
            default ->
                throw new IllegalArgumentException("there is no block format for " + dtype
                        + "; F64, F32, F16, BF16, F8, Q4_0 to Q8_0, Q2_K to Q6_K, IQ4_NL, IQ4_XS, MXFP4, NF4, FP4 and"
                        + " INT4 have one");
        };
    }
}
