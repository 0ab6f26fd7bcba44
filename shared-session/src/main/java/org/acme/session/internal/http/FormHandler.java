package org.acme.session.internal.http;

import io.vertx.core.buffer.Buffer;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.core.multipart.FormData;
import org.jboss.resteasy.reactive.server.spi.RuntimeConfiguration;
import org.jboss.resteasy.reactive.server.spi.ServerHttpRequest;
import org.jboss.resteasy.reactive.server.spi.ServerRestHandler;

/**
 * Reads forms that are not multipart in Quarkus' stead. Quarkus decodes the last field when the body has ended, where nobody
 * hears of a failure: such a request is never answered (quarkus#46197). Ours has failed like any other.
 */
record FormHandler(ServerRestHandler quarkus) implements ServerRestHandler {

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String MULTIPART = "multipart/form-data";

    private static final Pattern CHARSET =
            Pattern.compile(";\\s*charset\\s*=\\s*\"?([^\";]*)", Pattern.CASE_INSENSITIVE);

    @Override
    public void handle(ResteasyReactiveRequestContext request) throws Exception {
        String header = request.getHttpHeaders().getHeaderString(HttpHeaders.CONTENT_TYPE);
        String type = header == null ? "" : header.toLowerCase(Locale.ROOT);
        if (type.startsWith(MULTIPART) && !type.contains("boundary=")) {
            throw new UnreadableBodyException(400, "a multipart form without a boundary");
        }
        boolean read = request.getFormData() != null || request.serverRequest().getExistingParsedForm() != null;
        if (read || !type.startsWith(FORM)) {
            quarkus.handle(request);
            return;
        }
        Charset charset = charset(type);
        requirePlain(request.getHttpHeaders().getHeaderString(HttpHeaders.CONTENT_ENCODING));
        Body body = new Body(
                request, request.getDeployment().getRuntimeConfiguration().limits(), charset);
        ServerHttpRequest http = request.serverRequest();
        request.suspend();
        if (http.isRequestEnded()) {
            body.done();
        } else {
            http.setReadListener(body);
            http.resumeRequestInput();
        }
    }

    /** A form is UTF-8 (URL standard, section 5.1). Programs that say Latin-1 or ASCII mean it, or have nothing but ASCII to say. */
    private static Charset charset(String type) {
        var charset = CHARSET.matcher(type);
        String name = charset.find() ? charset.group(1).strip() : "utf-8";
        return switch (name) {
            case "utf-8", "us-ascii" -> StandardCharsets.UTF_8;
            case "iso-8859-1" -> StandardCharsets.ISO_8859_1;
            default -> throw new UnreadableBodyException(415, "a form in another character set than UTF-8");
        };
    }

    /** Quarkus takes the header away when it is set to decompress. */
    private static void requirePlain(String encoding) {
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw new UnreadableBodyException(415, "a compressed form");
        }
    }

    /** Collects the body. Nothing is thrown here: nobody would hear it. */
    private static final class Body implements ServerHttpRequest.ReadCallback {

        private final ResteasyReactiveRequestContext request;
        private final RuntimeConfiguration.Limits limits;
        private final Charset charset;
        private Buffer bytes = Buffer.buffer();
        private boolean failed;

        private Body(ResteasyReactiveRequestContext request, RuntimeConfiguration.Limits limits, Charset charset) {
            this.request = request;
            this.limits = limits;
            this.charset = charset;
        }

        @Override
        public void data(ByteBuffer more) {
            if (failed) {
                return;
            }
            if (bytes.length() + more.remaining() > limits.maxBodySize().orElse(Long.MAX_VALUE)) {
                failed = true;
                bytes = Buffer.buffer();
                // Whoever sends for ever is not listened to for ever.
                request.serverResponse().setResponseHeader("Connection", "close");
                request.resume(new UnreadableBodyException(413, "a body that is too long"));
                return;
            }
            byte[] some = new byte[more.remaining()];
            more.get(some);
            bytes.appendBytes(some);
        }

        @Override
        public void done() {
            if (failed) {
                return;
            }
            try {
                byte[] form = bytes.getBytes();
                FormData data = new FormData(Integer.MAX_VALUE);
                new FormDecoder(limits.maxParameters(), limits.maxFormAttributeSize(), charset)
                        .decode(form)
                        .forEach(field -> data.add(field.name(), field.value()));
                request.setFormData(data);
                // A resource may want the body besides its fields.
                request.setInputStream(new ByteArrayInputStream(form));
                request.resume();
            } catch (RuntimeException unreadable) {
                request.resume(unreadable);
            }
        }
    }
}
