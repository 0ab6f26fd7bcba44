package org.acme.session.spi;

import java.util.List;
import java.util.Objects;

/**
 * A page for a person in a service's stead: what happened, and where to go on. Plain text throughout.
 *
 * @param status HTTP status of the answer
 * @param title what happened
 * @param text what it means
 * @param links where to go; mostly one
 */
public record MessagePage(int status, String title, String text, List<Link> links) {

    public MessagePage {
        Objects.requireNonNull(title);
        Objects.requireNonNull(text);
        links = List.copyOf(links);
    }

    /**
     * Where to go.
     *
     * @param address a path of this site, or a page of the provider
     * @param text what the link says
     */
    public record Link(String address, String text) {

        public Link {
            Objects.requireNonNull(address);
            Objects.requireNonNull(text);
        }
    }
}
