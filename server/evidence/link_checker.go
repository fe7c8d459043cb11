package evidence

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"syscall"
	"time"

	"sundial/models"
)

const (
	linkTimeout  = 10 * time.Second
	maxRedirects = 5
	maxURL       = 2000      // bytes of an address
	maxBody      = 512 << 10 // bytes of a page that are read
	maxHeader    = 64 << 10
	userAgent    = "Sundial-LinkCheck/1.0 (checks links filed as evidence)"
)

// Seen is what a link showed when it was looked at.
type Seen struct {
	URL      string  // as asked for
	FinalURL string  // where redirects led, at most 2000 bytes like URL
	Status   int     // of the last HTTP answer; 0 when there was none
	Title    string  // of an HTML page, at most 300 runes
	Failure  Failure // why there is no page to see; empty when there is one
}

// Failure is a reason as a message of the locale files; its arguments are
// texts and numbers. The zero Failure is none.
type Failure struct {
	Key  string
	Args map[string]any
}

// Error describes f for a log; users see the rendered Key instead.
func (f Failure) Error() string { return f.Key }

// Recorded returns the Failure of a record that kept its key and the host that
// it speaks of.
func Recorded(key, host string) Failure {
	return fail(key, "Host", host, "Seconds", strconv.FormatFloat(linkTimeout.Seconds(), 'f', -1, 64), "Max", maxRedirects)
}

func fail(key string, args ...any) Failure { return Failure{Key: key, Args: models.Args(args...)} }

// LinkChecker looks at links on listed hosts. It is safe for concurrent use.
type LinkChecker struct {
	allowed   hostList
	timeout   time.Duration
	dialer    net.Dialer
	transport *http.Transport
}

// NewLinkChecker returns a LinkChecker for the allowed hosts: www.example.gov.cn
// is this host, *.example.gov.cn every host below it; both mean ports 80 and
// 443 unless one follows (www.example.gov.cn:8080). An empty list switches
// checks off. An entry that is none of these is a models.Error of code Invalid.
//
// An address that is not public is only ever reached when its host is listed
// exactly, not by a wildcard.
func NewLinkChecker(allowed []string) (*LinkChecker, error) {
	list, err := parseHosts(allowed)
	if err != nil {
		return nil, err
	}
	c := &LinkChecker{allowed: list, timeout: linkTimeout}
	// No Proxy: a proxy would resolve names out of our sight.
	c.transport = &http.Transport{
		DialContext:            c.dial,
		DisableKeepAlives:      true,
		MaxResponseHeaderBytes: maxHeader,
	}
	return c, nil
}

// Enabled tells whether any host is listed.
func (c *LinkChecker) Enabled() bool { return len(c.allowed) > 0 }

// Covers tells whether the address is one that may be looked at.
func (c *LinkChecker) Covers(address string) bool {
	target, err := parseURL(address)
	return err == nil && c.allowed.listed(target)
}

// Check looks at the page of an address, within ten seconds, and returns what
// it saw. That there is no page to be seen is no error but a Failure, which
// belongs on record just the same. Errors are models.Errors: of code Conflict
// when checks are off, of code Invalid for the field "url" when the address is
// none that may be looked at; or the end of ctx.
func (c *LinkChecker) Check(ctx context.Context, address string) (Seen, error) {
	if !c.Enabled() {
		return Seen{}, models.NewError(models.Conflict, "link.off")
	}
	target, err := parseURL(address)
	if err != nil {
		return Seen{}, refuseURL(err, "link.url", "Max", maxURL)
	}
	if !c.allowed.listed(target) {
		return Seen{}, refuseURL(nil, "link.not_listed", "Host", target.Host, "Hosts", c.allowed.texts())
	}
	timed, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	seen := Seen{URL: address, FinalURL: address}
	if err := c.look(timed, target, &seen); err != nil {
		if ctx.Err() != nil {
			return Seen{}, fmt.Errorf("check a link: %w", ctx.Err())
		}
		seen.Failure = c.failure(err, seen.FinalURL)
	}
	return seen, nil
}

// look fetches the page and notes what it sees on the way.
func (c *LinkChecker) look(ctx context.Context, target *url.URL, seen *Seen) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, target.String(), nil)
	if err != nil {
		return fmt.Errorf("ask for a link: %w", err)
	}
	request.Header.Set("User-Agent", userAgent)
	request.Header.Set("Accept", "text/html,application/xhtml+xml,*/*;q=0.5")
	client := http.Client{Transport: c.transport, CheckRedirect: func(next *http.Request, via []*http.Request) error {
		return c.follow(next, len(via), seen)
	}}
	response, err := client.Do(request)
	if response != nil {
		seen.Status = response.StatusCode
	}
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBody))
	seen.Title = pageTitle(body, response.Header.Get("Content-Type"))
	return err
}

// follow decides whether a redirect, the n-th, is followed.
func (c *LinkChecker) follow(next *http.Request, n int, seen *Seen) error {
	target, err := parseURL(next.URL.String())
	if err != nil {
		return fail("link.redirected_outside", "Host", shorten(cmp.Or(next.URL.Host, next.URL.Scheme+":"), maxName))
	}
	seen.FinalURL = target.String()
	if !c.allowed.listed(target) {
		return fail("link.redirected_outside", "Host", target.Host)
	}
	if n > maxRedirects {
		return fail("link.redirects", "Max", maxRedirects)
	}
	// The address that led here is nobody's business.
	next.Header.Del("Referer")
	return nil
}

// dial connects to a host. Whether its address is public is decided when the
// name has been resolved, for the very address that is connected to: a name that
// resolves differently the next time gains nothing.
func (c *LinkChecker) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("dial a link: %w", err)
	}
	dialer := c.dialer
	if !c.allowed.exactly(host, port) {
		dialer.Control = func(_, address string, _ syscall.RawConn) error {
			if !isPublic(address) {
				return fail("link.private_address", "Host", host)
			}
			return nil
		}
	}
	return dialer.DialContext(ctx, network, address)
}

// failure puts an error of the network into words.
func (c *LinkChecker) failure(err error, address string) Failure {
	var host string
	if at, err := url.Parse(address); err == nil {
		host = at.Host
	}
	var known Failure
	var unresolved *net.DNSError
	var network net.Error
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &unresolved) && unresolved.IsNotFound:
		return fail("link.no_host", "Host", host)
	case errors.Is(err, syscall.ECONNREFUSED):
		return fail("link.refused", "Host", host)
	case errors.As(err, &network) && network.Timeout():
		return fail("link.timeout", "Host", host, "Seconds", strconv.FormatFloat(c.timeout.Seconds(), 'f', -1, 64))
	case errors.As(err, &certificate):
		return fail("link.bad_certificate", "Host", host)
	default:
		return fail("link.unreachable", "Host", host)
	}
}

// refuseURL returns the models.Error that refuses an address.
func refuseURL(cause error, key string, args ...any) error {
	refusal := &models.Error{
		Code: models.Invalid, Key: "error.invalid",
		Fields: []models.Field{{Name: "url", Key: key, Args: models.Args(args...)}},
	}
	return refusal.Because(cause)
}
