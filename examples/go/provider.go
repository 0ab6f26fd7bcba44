package main

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sort"
	"strings"
	"time"
)

// The OpenID provider: code flow with PKCE, refresh, logout.

type Provider struct {
	clientID, secret, callback string
	Issuer                     string `json:"issuer"`
	Authorize                  string `json:"authorization_endpoint"`
	Token                      string `json:"token_endpoint"`
	Logout                     string `json:"end_session_endpoint"`
}

type Tokens struct {
	Access, Refresh, ID string
	Expires             time.Time
	Roles               []string
}

type SignedIn struct {
	Issuer, Subject, SID, Name string
	Profile                    map[string]string
	IssuedAt                   int64 // seconds since 1970
	Tokens                     *Tokens
}

// errRefused: invalid_grant. This refresh token will never work (RFC 6749, section 5.2).
var errRefused = errors.New("invalid_grant")

// errUseless: another error of OAuth. No retry will help, but a new sign-in may.
var errUseless = errors.New("the token endpoint refuses")

var client = &http.Client{Timeout: 30 * time.Second}

// Discover reads what the provider says about itself. Its issuer may be another address than the one by which we reach it.
func Discover(address, clientID, secret, callback string) (*Provider, error) {
	answer, err := client.Get(address + "/.well-known/openid-configuration")
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	p := &Provider{clientID: clientID, secret: secret, callback: callback}
	if err := json.NewDecoder(answer.Body).Decode(p); err != nil {
		return nil, err
	}
	// Browser endpoints are named by the public address; we ask the same path at ours.
	p.Logout = strings.Replace(p.Logout, p.Issuer+"/", address+"/", 1)
	return p, nil
}

// Pending is what a callback is checked against; it travels sealed in a cookie of that browser.
type Pending struct{ State, Nonce, Verifier string }

// Start gives where the browser signs in.
func (p *Provider) Start() (string, Pending) {
	pending := Pending{randomText(), randomText(), randomText()}
	challenge := sha256.Sum256([]byte(pending.Verifier))
	return p.Authorize + "?" + url.Values{
		"response_type": {"code"}, "client_id": {p.clientID}, "redirect_uri": {p.callback}, "scope": {"openid profile email"},
		"state": {pending.State}, "nonce": {pending.Nonce},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(challenge[:])}, "code_challenge_method": {"S256"},
	}.Encode(), pending
}

// Finish exchanges the code of a callback for the user.
func (p *Provider) Finish(query url.Values, pending Pending) (*SignedIn, error) {
	if len(query["state"]) != 1 || len(query["code"]) != 1 || query.Get("state") != pending.State {
		return nil, errors.New("not the answer to this browser's question")
	}
	if iss := query.Get("iss"); iss != "" && iss != p.Issuer { // RFC 9207
		return nil, errors.New("the answer of another provider")
	}
	tokens, err := p.ask(url.Values{"grant_type": {"authorization_code"}, "code": {query.Get("code")},
		"redirect_uri": {p.callback}, "code_verifier": {pending.Verifier}})
	if err != nil {
		return nil, err
	}
	// The ID token came straight from the token endpoint, which vouches for it (OIDC Core 1.0, section 3.1.3.7, item 6).
	var id struct {
		Iss, Sub, Sid, Azp, Nonce, Name, Email string
		Aud                                    audience
		Exp, Iat                               int64
		Username                               string `json:"preferred_username"`
		GivenName                              string `json:"given_name"`
		FamilyName                             string `json:"family_name"`
	}
	if err := claims(tokens.ID, &id); err != nil {
		return nil, err
	}
	good := id.Iss == p.Issuer && id.Aud.has(p.clientID) && (id.Azp == "" || id.Azp == p.clientID) && id.Sub != "" &&
		id.Nonce == pending.Nonce && time.Now().Add(-time.Minute).Unix() < id.Exp
	if !good {
		return nil, errors.New("the ID token is not for us, or not now")
	}
	profile := map[string]string{}
	for name, text := range map[string]string{"name": id.Name, "email": id.Email, "given_name": id.GivenName,
		"family_name": id.FamilyName, "preferred_username": id.Username} {
		if text != "" {
			profile[name] = text
		}
	}
	user := &SignedIn{id.Iss, id.Sub, id.Sid, id.Username, profile, id.Iat, tokens}
	if user.Name == "" {
		user.Name = id.Sub
	}
	return user, nil
}

// Refresh asks once. errRefused ends the session; after any other error nothing is known about the refresh token.
func (p *Provider) Refresh(session *Session) (*Tokens, error) {
	tokens, err := p.ask(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {session.Refresh}})
	if err != nil || tokens.ID == "" {
		return tokens, err
	}
	var id struct{ Iss, Sub string }
	if claims(tokens.ID, &id) != nil || id.Iss != session.Issuer || id.Sub != session.Subject {
		return nil, errRefused
	}
	return tokens, nil
}

func (p *Provider) EndSession(refreshToken string) error {
	if refreshToken == "" {
		return nil
	}
	answer, err := client.PostForm(p.Logout, url.Values{"client_id": {p.clientID}, "client_secret": {p.secret}, "refresh_token": {refreshToken}})
	if err != nil {
		return err
	}
	answer.Body.Close()
	if answer.StatusCode >= 300 {
		return fmt.Errorf("logout answered %d", answer.StatusCode)
	}
	return nil
}

func (p *Provider) ask(form url.Values) (*Tokens, error) {
	form.Set("client_id", p.clientID)
	form.Set("client_secret", p.secret)
	answer, err := client.PostForm(p.Token, form)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	var said struct {
		Access  string `json:"access_token"`
		Refresh string `json:"refresh_token"`
		ID      string `json:"id_token"`
		Expires int64  `json:"expires_in"`
		Error   string
	}
	if err := json.NewDecoder(answer.Body).Decode(&said); err != nil {
		return nil, err
	}
	if said.Error == "invalid_grant" {
		return nil, errRefused
	}
	if status := answer.StatusCode; said.Error != "" && status >= 400 && status < 500 && status != 408 && status != 429 {
		return nil, fmt.Errorf("%w: %s", errUseless, said.Error)
	}
	if answer.StatusCode != 200 || said.Access == "" {
		return nil, fmt.Errorf("the token endpoint answered %d", answer.StatusCode)
	}
	var access struct {
		Realm struct{ Roles []string } `json:"realm_access"`
	}
	if err := claims(said.Access, &access); err != nil {
		return nil, err
	}
	roles := append([]string{}, access.Realm.Roles...)
	sort.Strings(roles)
	return &Tokens{said.Access, said.Refresh, said.ID, time.Now().Add(time.Duration(said.Expires) * time.Second), roles}, nil
}

func claims(jwt string, to any) error {
	parts := strings.Split(jwt, ".")
	if len(parts) != 3 {
		return errors.New("not a JWT")
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return err
	}
	return json.Unmarshal(text, to)
}

// audience: one text or several.
type audience []string

func (a *audience) UnmarshalJSON(text []byte) error {
	var one string
	if json.Unmarshal(text, &one) == nil {
		*a = audience{one}
		return nil
	}
	return json.Unmarshal(text, (*[]string)(a))
}

func (a audience) has(name string) bool {
	for _, each := range a {
		if each == name {
			return true
		}
	}
	return false
}
