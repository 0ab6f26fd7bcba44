package org.acme.session.internal.http;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import org.acme.session.internal.config.SsoConfig;

/**
 * The network that a request came from, as far as a list of sessions needs it: enough to tell home from abroad, too little
 * to name a person. The proxy's word counts for what came through the proxy, and nobody else's.
 */
@Singleton
public class ClientNetwork {

    private static final int IPV4_KEPT = 3;
    private static final int IPV6_KEPT = 6;

    private final List<IpSubnetFilterRule> proxies;

    ClientNetwork(SsoConfig config) {
        this.proxies = config.trustedProxies().stream()
                .map(network -> new IpSubnetFilterRule(network.strip(), IpFilterRuleType.ACCEPT))
                .toList();
    }

    /** The first 24 bits of an IPv4 address or 48 of an IPv6 address, with their number; empty when unknown. */
    public String of(HttpServerRequest request) {
        InetAddress peer = NetUtil.createInetAddressFromIpAddressString(
                request.connection().remoteAddress().hostAddress());
        if (peer == null) {
            return "";
        }
        return isProxy(peer) ? truncated(forwardedFor(request)) : truncated(peer);
    }

    private boolean isProxy(InetAddress peer) {
        InetSocketAddress address = new InetSocketAddress(peer, 0);
        return proxies.stream().anyMatch(network -> network.matches(address));
    }

    /** Of several the last, which the proxy itself has seen. Never a name: nothing is looked up. */
    private static InetAddress forwardedFor(HttpServerRequest request) {
        String header = request.getHeader("X-Forwarded-For");
        return header == null
                ? null
                : NetUtil.createInetAddressFromIpAddressString(
                        header.substring(header.lastIndexOf(',') + 1).strip());
    }

    private static String truncated(InetAddress address) {
        if (address == null) {
            return "";
        }
        byte[] bytes = address.getAddress();
        int kept = bytes.length == 4 ? IPV4_KEPT : IPV6_KEPT;
        Arrays.fill(bytes, kept, bytes.length, (byte) 0);
        try {
            return NetUtil.toAddressString(InetAddress.getByAddress(bytes)) + "/" + kept * Byte.SIZE;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are an address", e);
        }
    }
}
