package org.acme.session;

import jakarta.enterprise.util.Nonbinding;
import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Only for who has proved lately who they are: others are asked by their provider once more ({@code max_age}, OIDC Core 1.0,
 * section 3.1.2.1), and come back to the page asked for. A form is told so on a page, a script and a bearer token by 401
 * {@code insufficient_user_authentication} (RFC 9470). Goes with {@code @RolesAllowed}, on the page that begins what must be
 * confirmed and on what it leads to. With {@link RequiresSignInLevel} beside it the provider is asked for both at once.
 */
@InterceptorBinding
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface RequiresRecentSignIn {

    /** How long ago at most, in seconds; at least 1. */
    @Nonbinding
    int seconds() default 300;
}
