package org.acme.session.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
                "/?a=100%25"
            })
    @DisplayName("I6: links to pages of this site are kept as they are")
    void localLinksAreKept(String link) {
        assertEquals(Optional.of(link), ReturnUrl.local(link));
    }

    @Test
    @DisplayName("I6: what browsers leave unencoded in a query is encoded, so that everybody reads the same URL")
    void whatAUrlCannotHoldIsEncoded() {
        assertEquals(Optional.of("/a?b=%5B%22c%7Cd%22%5D"), ReturnUrl.local("/a?b=[\"c|d\"]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%", "/?a=%zz", "/#a#b"})
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
                "/?x=%0d%0aSet-Cookie:x",
                "/#%0A",
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

    @ParameterizedTest
    @ValueSource(ints = {2000, 2001, 1_000_000})
    @DisplayName("I6: a link has at most 2000 characters")
    void longLinksAreRefused(int length) {
        String link = "/" + "a".repeat(length - 1);
        assertEquals(length <= 2000 ? Optional.of(link) : Optional.empty(), ReturnUrl.local(link));
    }
}
