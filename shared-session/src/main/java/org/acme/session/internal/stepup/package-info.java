/** Step-up authentication: resources that want a recent sign-in, or a stronger one. */
package org.acme.session.internal.stepup;
