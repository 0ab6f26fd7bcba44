package main

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/url"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The session contract 1.0 (docs/session-contract.md), sections 1 to 4: what needs no Redis.

func keysOf(id string) []string { return []string{"sess:" + id, "{sess:" + id + "}:sso"} }

func hash(texts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(texts, "\x00")))
	return hex.EncodeToString(sum[:])
}

func randomText() string {
	bytes := make([]byte, 32)
	if _, err := rand.Read(bytes); err != nil {
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString(bytes)
}

// Cookie is the session cookie: its name and form follow from the base URL.
type Cookie struct {
	name, secure string
	secrets      []string
}

func NewCookie(baseURL, secrets string) Cookie {
	if strings.HasPrefix(baseURL, "https:") {
		return Cookie{"__Host-sso", "; Secure", strings.Split(secrets, ",")}
	}
	return Cookie{"sso", "", strings.Split(secrets, ",")}
}

var idForm = regexp.MustCompile(`^[A-Za-z0-9_-]{16,128}$`)

// ID gives the session id that a request's Cookie headers carry, "" for none that we signed.
func (c Cookie) ID(headers []string) string {
	value := firstCookie(strings.Join(headers, "; "), c.name)
	dot := strings.LastIndex(value, ".")
	if dot < 2 || len(value) > 256 || !strings.HasPrefix(value, "s:") || !idForm.MatchString(value[2:dot]) {
		return ""
	}
	signed := false
	for _, secret := range c.secrets {
		signed = hmac.Equal([]byte(mac(value[2:dot], secret)), []byte(value[dot+1:])) || signed
	}
	if !signed {
		return ""
	}
	return value[2:dot]
}

// firstCookie reads a cookie as Express does: the first of the name counts. (net/http drops values that Express takes.)
func firstCookie(header, name string) string {
	for _, pair := range strings.Split(header, ";") {
		key, value, found := strings.Cut(pair, "=")
		if !found || strings.Trim(key, " \t") != name {
			continue
		}
		value = strings.Trim(value, " \t")
		if len(value) > 1 && value[0] == '"' && value[len(value)-1] == '"' {
			value = value[1 : len(value)-1]
		}
		if decoded, err := url.PathUnescape(value); err == nil && utf8.ValidString(decoded) {
			return decoded
		}
		return value
	}
	return ""
}

func mac(id, secret string) string {
	sum := hmac.New(sha256.New, []byte(secret))
	sum.Write([]byte(id))
	return base64.RawStdEncoding.EncodeToString(sum.Sum(nil))
}

func (c Cookie) Set(id string) string {
	return c.with(url.QueryEscape("s:" + id + "." + mac(id, c.secrets[0])))
}
func (c Cookie) Clear() string { return c.with("; Max-Age=0") }
func (c Cookie) with(value string) string {
	return c.name + "=" + value + "; Path=/; HttpOnly" + c.secure + "; SameSite=Lax"
}

// Seal seals tokens with AES-256-GCM: the first key seals, all open.
type Seal struct {
	first string
	keys  map[string]cipher.AEAD
}

func NewSeal(named string) (*Seal, error) {
	s := &Seal{keys: map[string]cipher.AEAD{}}
	for _, text := range strings.Split(named, ",") {
		name, encoded, _ := strings.Cut(text, ":")
		key, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil || len(key) != 32 {
			return nil, errors.New("an encryption key is written <name>:<base64 of 32 bytes>")
		}
		block, err := aes.NewCipher(key)
		if err != nil {
			return nil, err
		}
		if s.keys[name], err = cipher.NewGCM(block); err != nil {
			return nil, err
		}
		if s.first == "" {
			s.first = name
		}
	}
	return s, nil
}

func place(id, field string) []byte { return []byte("{sess:" + id + "}:sso\x00" + field + "\x001") }

func (s *Seal) Seal(id, field, text string) string {
	nonce := make([]byte, 12)
	if _, err := rand.Read(nonce); err != nil {
		panic(err)
	}
	return s.first + "." + base64.RawURLEncoding.EncodeToString(s.keys[s.first].Seal(nonce, nonce, []byte(text), place(id, field)))
}

var errDamaged = errors.New("damaged")

func (s *Seal) Open(id, field, sealed string) (string, error) {
	name, encoded, _ := strings.Cut(sealed, ".")
	all, err := base64.RawURLEncoding.DecodeString(encoded)
	key := s.keys[name]
	if err != nil || key == nil || len(all) < 28 {
		return "", errDamaged
	}
	text, err := key.Open(nil, all[:12], all[12:], place(id, field))
	return string(text), err
}

// Session is what a member knows of a session that lives.
type Session struct {
	ID, Provider, Issuer, Subject, SID, Name string
	Roles                                    []string
	Profile, Attributes                      map[string]string
	Access, Refresh                          string // Refresh is "" when there is none
	AccessExpires                            int64  // ms since 1970
	TokensRev                                string
}

var fieldNames = []string{"v", "provider", "issuer", "subject", "sid", "name", "roles", "profile", "created", "until", "access",
	"refresh", "accessExpires", "tokensRev"}

// parse reads both keys. Fields that we do not know are not asked for; one that is missing is damage.
func parse(id, express string, values []any, seal *Seal) (*Session, error) {
	fields := map[string]string{}
	for i, name := range fieldNames {
		text, there := values[i].(string)
		if !there && name != "sid" && name != "refresh" {
			return nil, errDamaged
		}
		fields[name] = text
	}
	var guest struct {
		Passport struct {
			User struct{ Issuer, Subject string }
		}
	}
	s := &Session{ID: id, Provider: fields["provider"], Issuer: fields["issuer"], Subject: fields["subject"], SID: fields["sid"],
		Name: fields["name"], TokensRev: fields["tokensRev"], Attributes: map[string]string{}}
	errs := []error{json.Unmarshal([]byte(express), &guest), strict(fields["roles"], &s.Roles), strict(fields["profile"], &s.Profile)}
	for _, name := range []string{"created", "until", "accessExpires", "tokensRev"} {
		number, err := strconv.ParseInt(fields[name], 10, 64)
		if name == "accessExpires" {
			s.AccessExpires = number
		}
		errs = append(errs, err)
	}
	var err error
	if fields["access"] != "" { // a session that a guest began has no tokens
		s.Access, err = seal.Open(id, "access", fields["access"])
		errs = append(errs, err)
	}
	if sealed, there := values[11].(string); there {
		s.Refresh, err = seal.Open(id, "refresh", sealed)
		errs = append(errs, err)
	}
	for _, err := range errs {
		if err != nil {
			return nil, errDamaged
		}
	}
	if fields["v"] != "1" || guest.Passport.User.Issuer != s.Issuer || guest.Passport.User.Subject != s.Subject {
		return nil, errDamaged
	}
	sort.Strings(s.Roles)
	return s, nil
}

// strict: JSON null is no list and no object.
func strict(text string, to any) error {
	if strings.TrimSpace(text) == "null" {
		return errDamaged
	}
	return json.Unmarshal([]byte(text), to)
}
