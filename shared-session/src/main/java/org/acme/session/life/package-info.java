/** The life of a session: found, refreshed, ended. */
package org.acme.session.life;
