package org.acme.session;

import jakarta.enterprise.util.Nonbinding;
import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Only for who has proved who they are in one of these ways: the sign-in's {@code acr}, whose values are the provider's own
 * (OIDC Core 1.0, section 2). Others are sent to their provider with {@code acr_values}, and come back to the page asked for;
 * if it answers with less, that is said on a page, and their session stays as it was. A form is told so on a page, a script
 * and a bearer token by 401 {@code insufficient_user_authentication} (RFC 9470). A sign-in of which nobody said how it was
 * done has no level. Goes with {@code @RolesAllowed}.
 */
@InterceptorBinding
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface RequiresSignInLevel {

    /** The accepted values of {@code acr}, the preferred one first. No blanks in them. */
    @Nonbinding
    String[] value();
}
