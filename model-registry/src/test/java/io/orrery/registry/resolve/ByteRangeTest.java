package io.orrery.registry.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteRangeTest {
    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 1",
        "bytes=5-, 5, 95",
        "bytes=-10, 90, 10",
        "bytes=-1000, 0, 100",
        "bytes=90-200, 90, 10",
        "bytes=99-99, 99, 1",
        "bytes=0-999999999999, 0, 100",
    })
    void partsOfAHundredBytes(String header, long start, long length) {
        assertThat(ByteRange.of(Optional.of(header), 100)).isEqualTo(new ByteRange.Part(start, length));
    }

    @ParameterizedTest
    @CsvSource({"bytes=100-", "bytes=100-200", "bytes=-0"})
    void whatIsNotThere(String header) {
        assertThat(ByteRange.of(Optional.of(header), 100)).isEqualTo(new ByteRange.Unsatisfiable());
    }

    @ParameterizedTest
    @CsvSource({"bytes=-", "bytes=5-4", "lines=1-2", "'bytes=0-1,5-6'", "bytes=a-b", "bytes=0-99999999999999999999"})
    void whatCannotBeReadIsTheWhole(String header) {
        assertThat(ByteRange.of(Optional.of(header), 100)).isEqualTo(new ByteRange.Whole());
    }

    @Test
    void anEmptyFileHasNoParts() {
        assertThat(ByteRange.of(Optional.of("bytes=0-0"), 0)).isEqualTo(new ByteRange.Unsatisfiable());
        assertThat(ByteRange.of(Optional.empty(), 0)).isEqualTo(new ByteRange.Whole());
    }
}
