package org.acme.layout;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.inject.Singleton;
import org.acme.session.spi.MessagePage;
import org.acme.session.spi.PageRenderer;

/** The shared session's own pages, in the layout. */
@Singleton
class LayoutPageRenderer implements PageRenderer {

    @Override
    public String html(MessagePage page) {
        return Templates.message(page).render();
    }

    @CheckedTemplate(basePath = "")
    static class Templates {
        static native TemplateInstance message(MessagePage page);
    }
}
