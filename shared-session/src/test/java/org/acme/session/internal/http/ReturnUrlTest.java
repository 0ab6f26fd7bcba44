package org.acme.session.internal.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReturnUrlTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/users/",
                "/projects/projects/7?sort=name&page=2#list",
                "/users/profile?from=https://sso.example.org//x",
                "/a?next=/b&x=%2F%2Fevil.test",
                "/caf%C3%A9",
                "/a%20b",
                "/@me",
                "/a:b",
                "/?a=100%25",
                "/guarded/100%25/",
                "/guarded/a%252Fb/%25%32%66",
                "/guarded/..hidden/...",
                "/projects/?q=one%0Atwo",
                "/projects/?q=one%0D%0Atwo&x=%0d%0aSet-Cookie:x",
                "/projects/?q=%00%7f%5c&back=//evil.test",
                "/projects/?q=%25%25"
            })
    @DisplayName("I6 I13 F34: links to pages of this site are kept as they are")
    void localLinksAreKept(String link) {
        assertEquals(Optional.of(link), ReturnUrl.local(link));
    }

    @Test
    @DisplayName("I6: what browsers leave unencoded in a query is encoded, so that everybody reads the same URL")
    void whatAUrlCannotHoldIsEncoded() {
        assertEquals(Optional.of("/a?b=%5B%22c%7Cd%22%5D"), ReturnUrl.local("/a?b=[\"c|d\"]"));
        assertEquals(Optional.of("/a%7Cb%5B1%5D?c=%5C%5E%60%7B%7D"), ReturnUrl.local("/a|b[1]?c=\\^`{}"));
    }

    @ParameterizedTest
    @CsvSource({"/?a=%,/?a=%25", "/?a=100%&b=c,/?a=100%25&b=c", "/?a=%zz%4,/?a=%25zz%254", "/?a=%%41,/?a=%25%41"})
    @DisplayName("I13 F24: a bare percent sign in a query, as browsers send it, is one")
    void aBarePercentSignIsOne(String typed, String url) {
        assertEquals(Optional.of(url), ReturnUrl.local(typed));
    }

    @Test
    @DisplayName("I13: letters of any script are encoded; of a request's line, each byte as it came")
    void lettersOfAnyScript() {
        assertEquals(Optional.of("/caf%C3%A9?q=%E2%82%AC"), ReturnUrl.local("/caf\u00e9?q=\u20ac"));
        assertEquals(Optional.of("/caf%C3%A9?q=%FF"), ReturnUrl.ofRequest("/caf\u00c3\u00a9?q=\u00ff"));
        assertEquals(Optional.empty(), ReturnUrl.ofRequest(null));
        assertEquals(Optional.empty(), ReturnUrl.ofRequest("//evil.test"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%", "/%zz?a", "/a%4", "/#a#b", "/?a b", "/?a\tb", "/?a#b\u0000"})
    @DisplayName("I6: what is no URL is no link back")
    void whatIsNoUrlIsRefused(String text) {
        assertEquals(Optional.empty(), ReturnUrl.local(text));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "users/",
                "//evil.test",
                "///evil.test",
                "/\\evil.test",
                "\\\\evil.test",
                "\\/evil.test",
                "/a\\b",
                "https:evil.test",
                "https://evil.test",
                "https:/evil.test",
                "javascript:alert(1)",
                "data:text/html,x",
                "@evil.test",
                "user:pw@evil.test",
                "https://sso.example.org@evil.test",
                ".evil.test",
                "?x",
                "#x",
                "/\t/evil.test",
                "\t//evil.test",
                " //evil.test",
                "/\n/evil.test",
                "/ /evil.test",
                "/\u0000/evil.test",
                "/\u00a0/evil.test",
                "/\u3002evil.test",
                "/\uff0fevil.test",
                "/\u2028x",
                "/x\r\nSet-Cookie: sso=x",
                "/%09/evil.test",
                "/%0a/evil.test",
                "/%0d%0aSet-Cookie:x",
                "/%0D%0ASet-Cookie:x",
                "/?x=\r\nSet-Cookie:x",
                "/?x=\u0085Set-Cookie:x",
                "/?x=\u2028",
                "/%00/evil.test",
                "/%1f/evil.test",
                "/%7f/evil.test",
                "/%2f/evil.test",
                "/%2Fevil.test",
                "/%5cevil.test",
                "/%5Cevil.test",
                "/%252fevil.test",
                "/%25%32%66evil.test",
                "/users//evil.test",
                "/users/../..//evil.test",
                "/../evil",
                "/users/..",
                "/x//"
            })
    @DisplayName("I6: everything that leads elsewhere, in whatever disguise, is refused")
    void everythingElseIsRefused(String link) {
        assertEquals(Optional.empty(), ReturnUrl.local(link));
    }

    @TestFactory
    @DisplayName("I6: the contract's vectors of return paths hold")
    Stream<DynamicTest> theContractsVectorsHold() throws IOException {
        try (InputStream file = ReturnUrlTest.class.getResourceAsStream("/vectors/return-paths.json")) {
            return StreamSupport.stream(
                            new ObjectMapper().readTree(file).path("paths").spliterator(), false)
                    .map(vector -> DynamicTest.dynamicTest(
                            vector.path("path").toString(),
                            () -> assertEquals(
                                    Optional.ofNullable(vector.path("to").textValue()),
                                    ReturnUrl.local(vector.path("path").textValue()))));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2001, 8192, 16_384, 16_385, 1_000_000})
    @DisplayName("I13 F34: a link is as long as one line of a request may be")
    void longLinks(int length) {
        String link = "/" + "a".repeat(length - 1);
        assertEquals(length <= 16_384 ? Optional.of(link) : Optional.empty(), ReturnUrl.local(link));
    }
}
