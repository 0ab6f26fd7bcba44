package org.acme.frame;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.inject.Singleton;
import org.acme.session.spi.CalmPage;
import org.acme.session.spi.PageRenderer;

/** The shared session's own pages, in the frame. */
@Singleton
class FramedPages implements PageRenderer {

    @Override
    public String html(CalmPage page) {
        return Templates.calm(page).render();
    }

    @CheckedTemplate(basePath = "")
    static class Templates {
        static native TemplateInstance calm(CalmPage page);
    }
}
