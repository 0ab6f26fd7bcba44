package main

import (
	"bufio"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// errUnavailable: Redis or the provider could not be asked. 503, and nothing is deleted.
var errUnavailable = errors.New("unavailable")

// redisError is what Redis itself said: a message that begins with a word in capitals.
type redisError string

func (e redisError) Error() string { return string(e) }

const (
	redisLimit  = 2 * time.Second
	idleClients = 16
)

// Redis speaks RESP2 over a few connections. An answer is a string, an int64, a []any, or nil.
type Redis struct {
	address, user, password string
	idle                    chan *connection
	scripts                 map[string]script
}

type script struct{ text, sha string }

type connection struct {
	net.Conn
	answers *bufio.Reader
}

// NewRedis reads redis://user:password@host:port and every .lua file of the folder.
func NewRedis(address, folder string) (*Redis, error) {
	at, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("REDIS_URL is no URL")
	}
	password, _ := at.User.Password()
	r := &Redis{at.Host, at.User.Username(), password, make(chan *connection, idleClients), map[string]script{}}
	files, err := filepath.Glob(filepath.Join(folder, "*.lua"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("no scripts in %s", folder)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		sum := sha1.Sum(text)
		r.scripts[strings.TrimSuffix(filepath.Base(file), ".lua")] = script{string(text), hex.EncodeToString(sum[:])}
	}
	return r, nil
}

// Run runs a script by its digest, and sends its text when this Redis does not know it yet.
func (r *Redis) Run(name string, keys []string, args ...string) (any, error) {
	s := r.scripts[name]
	rest := append(append([]string{strconv.Itoa(len(keys))}, keys...), args...)
	answer, err := r.Do(append([]string{"EVALSHA", s.sha}, rest...)...)
	if refused, ok := err.(redisError); ok && strings.HasPrefix(string(refused), "NOSCRIPT") {
		answer, err = r.Do(append([]string{"EVAL", s.text}, rest...)...)
	}
	return answer, err
}

// Do sends one command. An error is a redisError about the data, or errUnavailable.
func (r *Redis) Do(command ...string) (any, error) {
	c, err := r.connection()
	if err != nil {
		return nil, fmt.Errorf("%w: %v", errUnavailable, err)
	}
	answer, err := c.ask(command)
	var refused redisError
	if err != nil && !errors.As(err, &refused) {
		c.Close()
		return nil, fmt.Errorf("%w: %v", errUnavailable, err)
	}
	select {
	case r.idle <- c:
	default:
		c.Close()
	}
	if err == nil {
		return answer, nil
	}
	for _, aboutTheData := range []string{"NOSCRIPT", "WRONGTYPE", "ERR user_script"} {
		if strings.HasPrefix(string(refused), aboutTheData) {
			return nil, refused
		}
	}
	return nil, fmt.Errorf("%w: %v", errUnavailable, refused)
}

func (r *Redis) connection() (*connection, error) {
	for {
		select {
		case c := <-r.idle:
			if c.isOpen() {
				return c, nil
			}
			c.Close()
		default:
			socket, err := net.DialTimeout("tcp", r.address, redisLimit)
			if err != nil {
				return nil, err
			}
			c := &connection{socket, bufio.NewReader(socket)}
			if _, err := c.ask([]string{"AUTH", r.user, r.password}); err != nil {
				c.Close()
				return nil, err
			}
			return c, nil
		}
	}
}

// isOpen tells a connection that Redis has closed meanwhile: it has an end to read.
func (c *connection) isOpen() bool {
	c.SetReadDeadline(time.Now().Add(10 * time.Microsecond))
	_, err := c.answers.Peek(1)
	var late net.Error
	return errors.As(err, &late) && late.Timeout()
}

func (c *connection) ask(command []string) (any, error) {
	c.SetDeadline(time.Now().Add(redisLimit))
	var request strings.Builder
	fmt.Fprintf(&request, "*%d\r\n", len(command))
	for _, part := range command {
		fmt.Fprintf(&request, "$%d\r\n%s\r\n", len(part), part)
	}
	if _, err := io.WriteString(c, request.String()); err != nil {
		return nil, err
	}
	return c.answer()
}

func (c *connection) answer() (any, error) {
	line, err := c.answers.ReadString('\n')
	if err != nil {
		return nil, err
	}
	rest := strings.TrimSuffix(line[1:], "\r\n")
	switch line[0] {
	case '+':
		return rest, nil
	case '-':
		return nil, redisError(rest)
	case ':':
		return strconv.ParseInt(rest, 10, 64)
	}
	size, err := strconv.Atoi(rest)
	switch {
	case err != nil:
		return nil, err
	case size < 0:
		return nil, nil
	case line[0] == '$':
		text := make([]byte, size+2)
		_, err := io.ReadFull(c.answers, text)
		return string(text[:size]), err
	case line[0] == '*':
		items := make([]any, size)
		for i := range items {
			if items[i], err = c.answer(); err != nil {
				return nil, err
			}
		}
		return items, nil
	}
	return nil, fmt.Errorf("not an answer of Redis: %q", line[0])
}
