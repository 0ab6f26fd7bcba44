/** The life of a session: started, resolved, refreshed, watched, ended in the whole fleet. */
package org.acme.session.internal.lifecycle;
