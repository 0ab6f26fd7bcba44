// A member of the shared session (docs/session-contract.md) in Go, with the standard library.
package main

import (
	"encoding/json"
	"errors"
	"html/template"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
	"time"
)

const (
	path    = "/go"
	pending = "sso-go"
)

var page = template.Must(template.New("page").Parse(`<!doctype html><html lang="en"><title>Go member</title><h1>Hello {{.Name}}</h1>
<form method="post" action="/go/auth/sign-off"><button>Sign out</button></form>`))

type App struct {
	base     string
	cookie   Cookie
	seal     *Seal
	provider *Provider
	sessions *Sessions
	adopt    bool // sessions that guests began
}

func main() {
	base := os.Getenv("SSO_BASE_URL")
	redis, err := NewRedis(os.Getenv("REDIS_URL"), os.Getenv("SSO_SCRIPTS"))
	check(err)
	seal, err := NewSeal(os.Getenv("SSO_ENCRYPTION_KEYS"))
	check(err)
	provider, err := Discover(os.Getenv("SSO_PROVIDERS_KEYCLOAK_URL"), os.Getenv("SSO_PROVIDERS_KEYCLOAK_CLIENT_ID"),
		os.Getenv("SSO_PROVIDERS_KEYCLOAK_CLIENT_SECRET"), base+path+"/auth/keycloak/callback")
	check(err)
	app := &App{base, NewCookie(base, os.Getenv("SSO_COOKIE_SECRETS")), seal, provider, &Sessions{redis, seal, provider, "attr:go"},
		os.Getenv("SSO_GUESTS_ADOPT") == "true"}
	server := &http.Server{Addr: "127.0.0.1:" + os.Getenv("PORT"), Handler: app, ReadHeaderTimeout: 10 * time.Second}
	log.Print("ready")
	log.Fatal(server.ListenAndServe())
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func (a *App) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	if !a.mayWrite(r) {
		http.Error(w, "Only from a page of this site.", http.StatusForbidden)
		return
	}
	err := a.route(w, r)
	switch {
	case err == nil:
	case errors.Is(err, errTooLarge):
		http.Error(w, err.Error(), http.StatusBadRequest)
	case errors.Is(err, errUnavailable):
		log.Print(err)
		w.Header().Set("Retry-After", "2")
		http.Error(w, "Please try again in a moment.", http.StatusServiceUnavailable)
	default:
		log.Print(err)
		http.Error(w, "That did not work.", http.StatusInternalServerError)
	}
}

// mayWrite: only this site's own pages may write with the cookie.
func (a *App) mayWrite(r *http.Request) bool {
	if r.Method == "GET" || r.Method == "HEAD" || r.Method == "OPTIONS" {
		return true
	}
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "none" {
		return site == "same-origin"
	}
	return r.Header.Get("Origin") == a.base
}

func (a *App) route(w http.ResponseWriter, r *http.Request) error {
	id := a.cookie.ID(r.Header.Values("Cookie"))
	at := r.Method + " " + strings.TrimPrefix(r.URL.Path, path)
	switch at {
	case "GET /auth/keycloak":
		return a.signIn(w, r)
	case "GET /auth/keycloak/callback":
		return a.callback(w, r, id)
	case "POST /auth/sign-off":
		return a.signOff(w, r, id)
	}
	var session *Session
	if id != "" {
		var err error
		background := isBackground(r)
		if session, err = a.sessions.Find(id, background); err == nil && session == nil && a.adopt {
			session, err = a.sessions.FindAdopted(id, background)
		}
		if err != nil {
			return err
		}
	}
	switch {
	case session == nil && at == "GET /":
		http.Redirect(w, r, path+"/auth/keycloak", http.StatusFound)
	case session == nil:
		http.Error(w, `{"title":"Not signed in"}`, http.StatusUnauthorized)
	case at == "GET /":
		return page.Execute(w, session)
	case at == "GET /api/me":
		return json.NewEncoder(w).Encode(map[string]any{"issuer": session.Issuer, "subject": session.Subject, "name": session.Name,
			"roles": session.Roles, "attributes": session.Attributes, "accessExpires": session.AccessExpires})
	case strings.HasPrefix(at, "PUT /api/attributes/"):
		return a.putAttribute(w, r, id, strings.TrimPrefix(at, "PUT /api/attributes/"))
	default:
		http.NotFound(w, r)
	}
	return nil
}

// isBackground: a page asks by itself, which is no activity of its user.
func isBackground(r *http.Request) bool {
	return (r.Method == "GET" || r.Method == "HEAD") && (r.Header.Get("Prefer") == "background" ||
		r.Header.Get("Accept") == "text/event-stream" || strings.EqualFold(r.Header.Get("Upgrade"), "websocket"))
}

func (a *App) signIn(w http.ResponseWriter, r *http.Request) error {
	where, checks := a.provider.Start()
	text, _ := json.Marshal(checks)
	http.SetCookie(w, a.pendingCookie(a.seal.Seal("sign-in", "pending", string(text)), 600))
	http.Redirect(w, r, where, http.StatusFound)
	return nil
}

func (a *App) pendingCookie(value string, maxAge int) *http.Cookie {
	return &http.Cookie{Name: pending, Value: value, Path: path + "/auth/keycloak", MaxAge: maxAge, HttpOnly: true,
		Secure: a.cookie.secure != "", SameSite: http.SameSiteLaxMode}
}

func (a *App) callback(w http.ResponseWriter, r *http.Request, oldID string) error {
	http.SetCookie(w, a.pendingCookie("", -1))
	id := ""
	user, err := a.finish(r)
	if err != nil {
		log.Printf("sign-in: %v", err)
	} else if id, err = a.sessions.Begin(user, r.UserAgent(), a.cookie.secure != "", oldID); err != nil {
		return err
	}
	if id == "" {
		http.Error(w, "The sign-in did not work. Please begin again.", http.StatusBadRequest)
		return nil
	}
	w.Header().Add("Set-Cookie", a.cookie.Set(id))
	http.Redirect(w, r, path+"/", http.StatusFound)
	return nil
}

func (a *App) finish(r *http.Request) (*SignedIn, error) {
	cookie, err := r.Cookie(pending)
	if err != nil {
		return nil, err
	}
	text, err := a.seal.Open("sign-in", "pending", cookie.Value)
	if err != nil {
		return nil, err
	}
	var checks Pending
	if err := json.Unmarshal([]byte(text), &checks); err != nil {
		return nil, err
	}
	return a.provider.Finish(r.URL.Query(), checks)
}

func (a *App) signOff(w http.ResponseWriter, r *http.Request, id string) error {
	if id != "" {
		if err := a.sessions.SignOff(id); err != nil {
			return err
		}
	}
	w.Header().Add("Set-Cookie", a.cookie.Clear())
	http.Redirect(w, r, "/users/", http.StatusSeeOther)
	return nil
}

func (a *App) putAttribute(w http.ResponseWriter, r *http.Request, id, name string) error {
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 16*1024))
	if err != nil {
		return errTooLarge
	}
	done, err := a.sessions.Change(id, func(all map[string]string) { all[name] = string(text) })
	if err != nil {
		return err
	}
	w.WriteHeader(map[bool]int{true: http.StatusNoContent, false: http.StatusUnauthorized}[done])
	return nil
}
