package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.acme.e2e.people.RawHttp;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Site;
import org.acme.e2e.stack.Stack;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What of a request reaches a guarded application, byte for byte; and how hard it is to smuggle a second one in. */
@ExtendWith(OnTheStack.class)
class GuardedFramingIT {

    private static final String APP = "/guarded/legacy/";

    private String base;
    private String host;
    private Visitor alice;

    @BeforeEach
    void alice(Stack stack) {
        base = stack.base();
        host = base.replaceFirst(".*//", "");
        alice = new Visitor(base);
        alice.signIn("alice", APP);
    }

    @Test
    @DisplayName("F31 E9 a chunked body arrives whole and framed, for every method that carries one")
    void chunkedBodiesAreFramed() {
        for (String method : List.of("POST", "PUT", "PATCH", "DELETE", "MADE-UP")) {
            String answer = send(
                    method + " " + APP + "?close",
                    "Transfer-Encoding: chunked\r\n",
                    "5\r\nhello\r\n6;note=x\r\n world\r\n0\r\nSso-Name: eve\r\n\r\n");
            assertThat(answer)
                    .as(method)
                    .contains(method + " " + APP + "?close HTTP/1.1", "Content-Length: 11\r\n")
                    .endsWith("\r\n\r\nhello world")
                    .doesNotContain("Transfer-Encoding", "eve");
        }
    }

    @Test
    @DisplayName("F31 E9 a body with its length arrives with it, no body without any")
    void bodiesWithALength() {
        assertThat(send("POST " + APP, "Content-Length: 3\r\n", "abc"))
                .contains("Content-Length: 3\r\n")
                .endsWith("\r\n\r\nabc");
        assertThat(send("POST " + APP, "Content-Length: 0\r\n", ""))
                .contains("\r\nContent-Length: 0\r\n")
                .endsWith("\r\n\r\n");
        for (String method : List.of("GET", "DELETE", "OPTIONS")) {
            assertThat(seen(send(method + " " + APP, "", "")))
                    .startsWith(method + " ")
                    .doesNotContain("Content-Length", "Transfer-Encoding");
        }
    }

    @Test
    @DisplayName(
            "E9 E1 the application knows by which scheme it is reached, whatever a client says: its redirects lead back to it")
    void theScheme() {
        String scheme = base.replaceFirst(":.*", "");
        for (String claimed : List.of("", "X-Forwarded-Proto: gopher\r\n", "X-Forwarded-Proto: http,https\r\n")) {
            assertThat(send("GET " + APP, claimed, ""))
                    .as(claimed)
                    .contains("\r\nHost: " + host + "\r\n", "\r\nX-Forwarded-Proto: " + scheme + "\r\n")
                    .containsOnlyOnce("X-Forwarded-Proto");
        }
    }

    @Test
    @DisplayName("F31 E9 on connections that are kept, each request is the one that its sender sent")
    void keptConnectionsStayInStep() {
        String smuggled = "GET " + APP + "smuggled HTTP/1.1\r\nHost: x\r\nSso-Name: eve\r\nSso-Roles: admin\r\n\r\n";
        String chunked = Integer.toHexString(smuggled.length()) + "\r\n" + smuggled + "\r\n0\r\n\r\n";
        List<String> seen = new java.util.ArrayList<>();
        for (int i = 0; i < 20; i++) {
            seen.add(send("POST " + APP + "outer", "Transfer-Encoding: chunked\r\n", chunked));
            seen.add(send("GET " + APP + "next", "", ""));
        }
        assertThat(seen).allMatch(answer -> answer.contains("\r\nSso-Name: alice\r\n"));
        assertThat(seen).noneMatch(answer -> seen(answer).startsWith("GET " + APP + "smuggled"));
        assertThat(seen)
                .as("a connection was kept, so it was tried")
                .anyMatch(answer -> !answer.contains("request=1\n"));
    }

    /** Each of these says in two ways where the request ends, or in a way that some readers do not see. */
    private static final Map<String, String> TWO_ENDS = Map.ofEntries(
            Map.entry("CL and TE", "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n"),
            Map.entry("TE and CL", "Transfer-Encoding: chunked\r\nContent-Length: 6\r\n"),
            Map.entry("two CL", "Content-Length: 6\r\nContent-Length: 5\r\n"),
            Map.entry("the same CL twice", "Content-Length: 5\r\nContent-Length: 5\r\n"),
            Map.entry("a list of CL", "Content-Length: 5, 5\r\n"),
            Map.entry("CL with a sign", "Content-Length: +5\r\n"),
            Map.entry("CL in hexadecimal", "Content-Length: 0x5\r\n"),
            Map.entry("CL below zero", "Content-Length: -5\r\n"),
            Map.entry("CL that overflows", "Content-Length: 18446744073709551621\r\n"),
            Map.entry("two TE", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"),
            Map.entry("TE identity", "Transfer-Encoding: identity\r\nContent-Length: 5\r\n"),
            Map.entry("TE unknown", "Transfer-Encoding: xchunked\r\n"),
            Map.entry("TE with more", "Transfer-Encoding: gzip, chunked\r\n"),
            Map.entry("TE with a tab", "Transfer-Encoding:\tchunked\r\n"),
            Map.entry("TE with a vertical tab", "Transfer-Encoding: \u000bchunked\r\n"),
            Map.entry("TE before a blank", "Transfer-Encoding : chunked\r\n"),
            Map.entry("TE on a folded line", "Transfer-Encoding:\r\n chunked\r\n"),
            Map.entry("TE behind a bare CR", "X: y\rTransfer-Encoding: chunked\r\n"),
            Map.entry("TE behind a bare LF", "X: y\nTransfer-Encoding: chunked\r\n"),
            Map.entry("TE with an underscore", "Transfer_Encoding: chunked\r\n"),
            Map.entry("TE in quotes", "Transfer-Encoding: \"chunked\"\r\n"),
            Map.entry("TE with a zero byte", "Transfer-Encoding: chunked\u0000\r\n"));

    @Test
    @DisplayName("F31 E9 who says in two ways where a request ends gets nobody into step two: 22 shapes")
    void twoEnds() {
        Map<String, String> let = TWO_ENDS.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        shape -> send(
                                "POST " + APP + "outer",
                                shape.getValue(),
                                "0\r\n\r\nGET " + APP + "smuggled HTTP/1.1\r\nSso-Name: eve\r\n\r\n")));
        let.forEach((shape, answer) -> {
            assertThat(RawHttp.status(answer)).as(shape).isIn(0, 200, 400, 501);
            if (RawHttp.status(answer) == 200) {
                // Then the application knows one end, and it is nginx' own.
                assertThat(seen(answer))
                        .as(shape)
                        .startsWith("POST " + APP + "outer")
                        .doesNotContain("Transfer", "Sso-Name: eve");
                assertThat(seen(answer).split("(?i)Content-Length").length)
                        .as(shape)
                        .isLessThan(3);
            }
        });
        for (int i = 0; i < 10; i++) {
            assertThat(seen(send("GET " + APP + "next", "", ""))).startsWith("GET " + APP + "next");
        }
    }

    @Test
    @DisplayName("E1 E9 Sso headers of a client: in any case, twice, with underscores, folded: none arrives")
    void forgedHeaders() {
        for (String forged : List.of(
                "Sso-Name: eve\r\n",
                "sso-name: eve\r\n",
                "SSO-NAME: eve\r\nSso-Name: eve\r\n",
                "Sso_Name: eve\r\n",
                "Sso-Name : eve\r\n",
                "Sso-Name:\r\n eve\r\n",
                "X: y\r\n Sso-Name: eve\r\n",
                "X: y\rSso-Name: eve\r\n",
                "X: y\nSso-Name: eve\r\n",
                "Accept: text/html\rSso-Name: eve\r\n",
                "Connection: Sso-Name\r\nSso-Name: eve\r\n")) {
            String answer = send("GET " + APP, forged, "");
            assertThat(RawHttp.status(answer)).as(forged).isIn(200, 400);
            if (RawHttp.status(answer) == 200) {
                assertThat(seen(answer))
                        .as(forged)
                        .contains("\r\nSso-Name: alice\r\n")
                        .doesNotContain("eve");
            }
        }
    }

    /** @param line method and address */
    private String send(String line, String headers, String body) {
        return RawHttp.ask(
                base,
                line + " HTTP/1.1\r\nHost: " + host + "\r\nCookie: " + Site.COOKIE + "=" + alice.sso()
                        + "\r\nSec-Fetch-Site: same-origin\r\nConnection: close\r\n" + headers + "\r\n" + body);
    }

    /** What the application tells that it was sent. */
    private static String seen(String answer) {
        return answer.replaceFirst("(?s).*?\nconnection=\\d+ request=\\d+\n", "");
    }
}
