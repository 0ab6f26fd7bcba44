package org.acme.session.spi;

/**
 * Makes documents of the pages that the shared session answers with, in the look of the product.
 *
 * <p>At most one implementation is on the class path. Without one the pages are plain.
 */
public interface PageRenderer {

    /**
     * The page as an HTML document. Called on the event loop, within a request context or without one, and just when
     * Redis or the provider cannot be reached: it asks neither, and does not block.
     */
    String html(MessagePage page);
}
