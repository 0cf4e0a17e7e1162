package io.orrery.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RawAddressTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "/a/resolve/feature%2Fx/d%20e.txt /a/resolve/feature%2Fx/d%20e.txt",
                "/a/raw/main/x;y=z+&@~^'().txt /a/raw/main/x;y=z+&@~%5E'().txt",
                "/a/raw/main/[1]{2}|3.txt /a/raw/main/%5B1%5D%7B2%7D%7C3.txt",
                "/a/raw/main/100% /a/raw/main/100%25",
                "/a/raw/main/%zz /a/raw/main/%25zz",
            })
    void whatIsLegalStaysAndTheRestIsEncoded(String raw, String expected) {
        assertThat(RawAddress.path(raw)).isEqualTo(expected);
        assertThat(URI.create("http://host" + expected).getRawPath()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "expand[]=a&expand[]=b expand%5B%5D=a&expand%5B%5D=b",
                "cursor=a/b?c=d cursor=a/b?c=d",
                "q=%C3%A9|x q=%C3%A9%7Cx",
            })
    void queriesToo(String raw, String expected) {
        assertThat(RawAddress.query(raw)).isEqualTo(expected);
    }
}
