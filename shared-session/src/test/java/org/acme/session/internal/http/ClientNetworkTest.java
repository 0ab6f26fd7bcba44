package org.acme.session.internal.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.acme.session.internal.config.TestConfig;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientNetworkTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "127.0.0.1, 203.0.113.77, 203.0.113.0/24",
                "127.0.0.1, 2001:db8:1:2:3::4, 2001:db8:1::/48",
                "127.0.0.1, ::ffff:203.0.113.77, 203.0.113.0/24",
                "127.0.0.1, '198.51.100.9, 203.0.113.77', 203.0.113.0/24",
                "::1, 203.0.113.77, 203.0.113.0/24",
                "10.1.2.3, 203.0.113.77, 203.0.113.0/24",
            })
    @DisplayName("L7: the network is the proxy's word, never a whole address")
    void theProxyIsBelieved(String peer, String header, String network) {
        assertEquals(network, of(peer, header));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"192.0.2.1, 203.0.113.77, 192.0.2.0/24", "11.1.2.3, -, 11.1.2.0/24", "fe80::1, ::1, fe80::/48"})
    @DisplayName("E1: nobody but the proxy is believed")
    void othersAreNotBelieved(String peer, String header, String network) {
        assertEquals(network, of(peer, header));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "127.0.0.1, -",
                "127.0.0.1, ''",
                "127.0.0.1, unknown",
                "127.0.0.1, localhost",
                "127.0.0.1, 1.2.3.4:80"
            })
    @DisplayName("L7: what is no address is unknown, and is not looked up")
    void whatIsNoAddressIsUnknown(String peer, String header) {
        assertEquals("", of(peer, header));
    }

    private static String of(String peer, String header) {
        ClientNetwork networks =
                new ClientNetwork(TestConfig.with("trusted-proxies", "127.0.0.0/8,::1/128,10.0.0.0/8"));
        return networks.of(header == null ? Asked.from(peer) : Asked.from(peer, "X-Forwarded-For", header));
    }
}
