package evidence

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/dns/dnsmessage"
	"golang.org/x/text/encoding/simplifiedchinese"

	"sundial/models"
)

// TestMain names a proxy that is not there; net/http asks for it only once.
func TestMain(m *testing.M) {
	if err := os.Setenv("HTTP_PROXY", "http://127.0.0.1:1"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

func newChecker(t *testing.T, allowed ...string) *LinkChecker {
	t.Helper()
	c, err := NewLinkChecker(allowed)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// check looks at an address and wants no error.
func check(t *testing.T, c *LinkChecker, address string) Seen {
	t.Helper()
	seen, err := c.Check(t.Context(), address)
	if err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	return seen
}

// site serves a handler on the loopback interface and returns its URL and
// host:port.
func site(t *testing.T, handler http.HandlerFunc) (address, host string) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL, strings.TrimPrefix(server.URL, "http://")
}

func page(contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		_, _ = io.WriteString(w, body)
	}
}

func portOf(host string) string { return host[strings.LastIndex(host, ":"):] }

// resolveAll makes every name that the checker asks for an address of the
// loopback interface, save missing.*, which does not exist.
func resolveAll(t *testing.T, c *LinkChecker) {
	t.Helper()
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	go answerNames(server)
	c.dialer.Resolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", server.LocalAddr().String())
	}}
}

func answerNames(server net.PacketConn) {
	buffer := make([]byte, 4096)
	for {
		n, from, err := server.ReadFrom(buffer)
		if err != nil {
			return
		}
		var message dnsmessage.Message
		if err := message.Unpack(buffer[:n]); err != nil {
			return
		}
		message.Response, message.Additionals = true, nil
		question := message.Questions[0]
		switch {
		case strings.HasPrefix(question.Name.String(), "missing."):
			message.RCode = dnsmessage.RCodeNameError
		case question.Type == dnsmessage.TypeA:
			message.Answers = []dnsmessage.Resource{{
				Header: dnsmessage.ResourceHeader{Name: question.Name, Type: question.Type, Class: question.Class},
				Body:   &dnsmessage.AResource{A: [4]byte{127, 0, 0, 1}},
			}}
		}
		answer, err := message.Pack()
		if err != nil {
			return
		}
		_, _ = server.WriteTo(answer, from)
	}
}

func TestChecksAreOffWithoutHosts(t *testing.T) {
	for _, c := range []*LinkChecker{newChecker(t), newChecker(t, "", " ")} {
		if c.Enabled() {
			t.Error("enabled")
		}
		if _, err := c.Check(t.Context(), "http://www.gov.cn/"); !models.IsCode(err, models.Conflict) {
			t.Errorf("error %v", err)
		}
	}
}

func TestHostsThatAreNone(t *testing.T) {
	for _, entry := range []string{
		"*", "*.", "*.*.gov.cn", "www.*.cn", "https://www.gov.cn", "www.gov.cn/", "www.gov.cn:", "www.gov.cn:0", "www.gov.cn:x",
		"www.gov.cn:65536", "*.10.0.0.1", "fe80::1%eth0", "a b", ":80",
	} {
		if _, err := NewLinkChecker([]string{"www.gov.cn", entry}); !models.IsCode(err, models.Invalid) {
			t.Errorf("%q: error %v", entry, err)
		}
	}
}

func TestAddressesThatAreRefused(t *testing.T) {
	c := newChecker(t, "www.example.gov.cn", "*.sd.gov.cn", "oa.example.cn:8080", "政务.中国", "10.0.0.5", "2001:DB8::1")
	for _, s := range []struct{ address, key string }{
		{"", "link.url"},
		{"www.example.gov.cn", "link.url"},
		{"//www.example.gov.cn/", "link.url"},
		{"ftp://www.example.gov.cn/", "link.url"},
		{"file:///etc/passwd", "link.url"},
		{"http:www.example.gov.cn", "link.url"},
		{"http://", "link.url"},
		{"http://:80/", "link.url"},
		{"http://user:pass@www.example.gov.cn/", "link.url"},
		{"http://user@www.example.gov.cn/", "link.url"},
		{"http://[fe80::1%25eth0]/", "link.url"},
		{"http://www.example.gov.cn/" + strings.Repeat("a", maxURL), "link.url"},
		{"http://www.example.gov.cn:8080/", "link.not_listed"},
		{"http://sub.www.example.gov.cn/", "link.not_listed"},
		{"http://example.gov.cn/", "link.not_listed"},
		{"http://sd.gov.cn/", "link.not_listed"},
		{"http://evilsd.gov.cn/", "link.not_listed"},
		{"http://www.sd.gov.cn.evil.cn/", "link.not_listed"},
		{"http://oa.example.cn/", "link.not_listed"},
		{"http://127.0.0.1/", "link.not_listed"},
		{"http://[::ffff:10.0.0.6]/", "link.not_listed"},
	} {
		_, err := c.Check(t.Context(), s.address)
		if key, _ := refusal(t, err, "url"); key != s.key {
			t.Errorf("%.80s: refused with %q, want %s", s.address, key, s.key)
		}
	}
	for _, address := range []string{
		"http://www.example.gov.cn/", "HTTPS://WWW.Example.gov.cn./a", "https://www.example.gov.cn:443/", "http://a.b.sd.gov.cn/",
		"http://oa.example.cn:8080/", "http://政务.中国/", "http://xn--zfr164b.xn--fiqs8s/", "http://10.0.0.5/", "http://[::ffff:10.0.0.5]/",
		"http://[2001:db8:0::1]/",
	} {
		target, err := parseURL(address)
		if err != nil || !c.allowed.listed(target) {
			t.Errorf("%s is not listed, error %v", address, err)
		}
	}
}

func TestPageIsSeen(t *testing.T) {
	var asked *http.Request
	address, host := site(t, func(w http.ResponseWriter, r *http.Request) {
		asked = r
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
		page("text/html; charset=utf-8", "<html><head><title>\n 实施方案 &amp; \n解读 </title>")(w, r)
	})
	c := newChecker(t, host)
	want := Seen{URL: address + "/a?b=c", FinalURL: address + "/a?b=c", Status: 200, Title: "实施方案 & 解读"}
	for range 2 {
		if diff := cmp.Diff(want, check(t, c, address+"/a?b=c")); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
	if asked.Method != "GET" || asked.URL.String() != "/a?b=c" || len(asked.Cookies()) > 0 || !strings.HasPrefix(asked.UserAgent(), "Sundial") {
		t.Errorf("asked %s %s with %v", asked.Method, asked.URL, asked.Header)
	}
}

func TestStatusIsSeenWhateverItIs(t *testing.T) {
	address, host := site(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, "<title>none</title>")
	})
	want := Seen{URL: address, FinalURL: address, Status: 404, Title: "none"}
	if diff := cmp.Diff(want, check(t, newChecker(t, host), address)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestTitles(t *testing.T) {
	gbk := func(text string) string {
		encoded, err := simplifiedchinese.GB18030.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		return encoded
	}
	huge := strings.Repeat("<p>政", maxBody)
	for _, c := range []struct{ title, contentType, body, want string }{
		{"not HTML", "application/pdf", "<title>x</title>", ""},
		{"no type", "", "<title>x</title>", ""},
		{"no title", "text/html", "<p>x", ""},
		{"empty title", "text/html", "<title></title>", ""},
		{"GBK by header", "text/html; charset=GBK", gbk("<title>政务公开</title>"), "政务公开"},
		{"GB2312 by meta", "text/html", gbk(`<meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>政务公开</title>`), "政务公开"},
		{"GB18030 unsaid", "text/html", gbk("<title>政务公开</title>"), "政务公开"},
		{"UTF-8 unsaid, far down", "text/html", strings.Repeat(" ", 3000) + "<title>政务公开</title>", "政务公开"},
		{"UTF-8 unsaid, cut", "text/html", "<title>政务公开</title>" + huge, "政务公开"},
		{"beyond what is read", "text/html; charset=utf-8", huge + "<title>x</title>", ""},
		{"long", "text/html; charset=utf-8", "<title>" + strings.Repeat("长", 400) + "</title>", strings.Repeat("长", 300)},
		{"deceiving", "text/html; charset=utf-8", "<title>a\u202Eb\x01c<b></title>", "abc<b>"},
		{"XHTML", "application/xhtml+xml", "<title>x</title>", "x"},
	} {
		t.Run(c.title, func(t *testing.T) {
			address, host := site(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header()["Content-Type"] = nil
				if c.contentType != "" {
					w.Header().Set("Content-Type", c.contentType)
				}
				_, _ = io.WriteString(w, c.body)
			})
			seen := check(t, newChecker(t, host), address)
			if seen.Title != c.want || seen.Status != 200 || seen.Failure.Key != "" {
				t.Errorf("seen %+v, want the title %q", seen, c.want)
			}
		})
	}
}

func TestEndlessPageIsReadToTheLimit(t *testing.T) {
	address, host := site(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<title>x</title>")
		_, _ = io.Copy(w, zeroReader{}) // until nobody reads any more
	})
	if seen := check(t, newChecker(t, host), address); seen.Title != "x" || seen.Failure.Key != "" {
		t.Errorf("seen %+v", seen)
	}
}

func TestRedirects(t *testing.T) {
	_, outside := site(t, page("text/html", "<title>inside the office</title>"))
	address, host := site(t, func(w http.ResponseWriter, r *http.Request) {
		var n int
		if _, err := fmt.Sscanf(r.URL.Path, "/hop/%d", &n); err == nil && n > 0 {
			http.Redirect(w, r, fmt.Sprintf("/hop/%d", n-1), http.StatusFound)
			return
		}
		if to := r.URL.Query().Get("to"); to != "" {
			http.Redirect(w, r, to, http.StatusFound)
			return
		}
		page("text/html", "<title>"+r.Referer()+"arrived</title>")(w, r)
	})
	c := newChecker(t, host, "elsewhere.test")
	resolveAll(t, c)
	to := func(target string) string { return address + "/?to=" + url.QueryEscape(target) }
	for _, s := range []struct {
		address string
		want    Seen
	}{
		{to("http://" + outside + "/"), Seen{FinalURL: "http://" + outside + "/", Status: 302, Failure: fail("link.redirected_outside", "Host", outside)}},
		{to("http://169.254.169.254/x"), Seen{FinalURL: "http://169.254.169.254/x", Status: 302, Failure: fail("link.redirected_outside", "Host", "169.254.169.254")}},
		{to("file:///etc/passwd"), Seen{Status: 302, Failure: fail("link.redirected_outside", "Host", "file:")}},
		{to("http://a:b@" + host + "/"), Seen{Status: 302, Failure: fail("link.redirected_outside", "Host", host)}},
		{to("http://elsewhere.test:8080/"), Seen{FinalURL: "http://elsewhere.test:8080/", Status: 302, Failure: fail("link.redirected_outside", "Host", "elsewhere.test:8080")}},
		{address + "/hop/6", Seen{FinalURL: address + "/hop/0", Status: 302, Failure: fail("link.redirects", "Max", 5)}},
		{address + "/hop/5", Seen{FinalURL: address + "/hop/0", Status: 200, Title: "arrived"}},
	} {
		s.want.URL = s.address
		if s.want.FinalURL == "" {
			s.want.FinalURL = s.address
		}
		if diff := cmp.Diff(s.want, check(t, c, s.address)); diff != "" {
			t.Errorf("%s: -want +got:\n%s", s.address, diff)
		}
	}
}

// A name on the list that leads to the own network is looked at only when it
// stands there itself.
func TestNameThatLeadsInside(t *testing.T) {
	_, host := site(t, page("text/html", "<title>inside</title>"))
	port := portOf(host)
	for _, c := range []struct{ allowed, name, title, key string }{
		{"*.gov.test" + port, "oa.gov.test", "", "link.private_address"},
		{"*.gov.test" + port, "OA.gov.test.", "", "link.private_address"},
		{"oa.gov.test" + port, "oa.gov.test", "inside", ""},
		{"oa.gov.test" + port, "OA.Gov.Test", "inside", ""},
	} {
		checker := newChecker(t, c.allowed)
		resolveAll(t, checker)
		seen := check(t, checker, "http://"+c.name+port+"/")
		if seen.Title != c.title || seen.Failure.Key != c.key {
			t.Errorf("%s with %s listed: %+v", c.name, c.allowed, seen)
		}
	}
}

// See TestMain.
func TestProxyIsIgnored(t *testing.T) {
	_, host := site(t, page("text/html", "<title>direct</title>"))
	c := newChecker(t, "www.gov.test"+portOf(host))
	resolveAll(t, c)
	if seen := check(t, c, "http://www.gov.test"+portOf(host)); seen.Title != "direct" {
		t.Errorf("seen %+v", seen)
	}
}

func TestFailuresAreSeen(t *testing.T) {
	release := make(chan struct{})
	slow := func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/body" {
			w.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(w, "<title>begun</title>")
			_ = http.NewResponseController(w).Flush()
		}
		<-release
	}
	slowAddress, slowHost := site(t, slow)
	defer close(release)
	secure := httptest.NewUnstartedServer(page("text/html", ""))
	secure.Config.ErrorLog = log.New(io.Discard, "", 0) // it complains of the handshake
	secure.StartTLS()
	t.Cleanup(secure.Close)
	closed := httptest.NewServer(nil)
	closed.Close()
	rude, rudeHost := site(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })

	c := newChecker(t, slowHost, strings.TrimPrefix(secure.URL, "https://"), strings.TrimPrefix(closed.URL, "http://"), rudeHost, "*.gov.test")
	resolveAll(t, c)
	for _, s := range []struct {
		address, key string
		status       int
		title        string
	}{
		{"http://missing.gov.test/", "link.no_host", 0, ""},
		{closed.URL, "link.refused", 0, ""},
		{slowAddress, "link.timeout", 0, ""},
		{slowAddress + "/body", "link.timeout", 200, "begun"},
		{secure.URL, "link.bad_certificate", 0, ""},
		{"https://www.gov.test/", "link.private_address", 0, ""},
		{rude, "link.unreachable", 0, ""},
	} {
		at, err := url.Parse(s.address)
		if err != nil {
			t.Fatal(err)
		}
		want := Seen{URL: s.address, FinalURL: s.address, Status: s.status, Title: s.title, Failure: fail(s.key, "Host", at.Host)}
		c.timeout = linkTimeout
		if s.key == "link.timeout" {
			c.timeout = 1500 * time.Millisecond
			want.Failure.Args["Seconds"] = "1.5"
		}
		if diff := cmp.Diff(want, check(t, c, s.address)); diff != "" {
			t.Errorf("%s: -want +got:\n%s", s.address, diff)
		}
	}
}

// Who asked went away: there is nothing to put on record.
func TestCheckEndsWithItsContext(t *testing.T) {
	release := make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	address, host := site(t, func(http.ResponseWriter, *http.Request) { cancel(); <-release })
	defer close(release)
	if seen, err := newChecker(t, host).Check(ctx, address); !errors.Is(err, context.Canceled) {
		t.Errorf("seen %+v, error %v", seen, err)
	}
}

func TestPublicAddresses(t *testing.T) {
	for _, address := range []string{
		"", "1.2.3.4", "0.0.0.0:80", "0.1.2.3:80", "10.1.2.3:80", "100.64.0.1:80", "100.127.255.255:80", "127.0.0.1:80", "127.9.9.9:80",
		"169.254.169.254:80", "172.16.0.1:80", "172.31.255.255:80", "192.0.0.1:80", "192.168.1.1:80", "198.18.0.1:80", "203.0.113.1:80",
		"224.0.0.1:80", "239.1.1.1:80", "255.255.255.255:80", "[::]:80", "[::1]:80", "[::ffff:127.0.0.1]:80", "[::ffff:10.0.0.1]:80",
		"[::127.0.0.1]:80", "[64:ff9b::7f00:1]:80", "[64:ff9b:1::1]:80", "[100::1]:80", "[2001::1]:80", "[2001:db8::1]:80", "[2002:7f00:1::]:80",
		"[fc00::1]:80", "[fd00::1]:80", "[fe80::1]:80", "[fe80::1%eth0]:80", "[2400:da00::1%eth0]:80", "[fec0::1]:80", "[ff02::1]:80",
	} {
		if isPublic(address) {
			t.Errorf("%s counts as public", address)
		}
	}
	for _, address := range []string{"1.1.1.1:80", "100.63.0.1:443", "172.32.0.1:80", "[2400:da00::6666]:443", "[::ffff:1.1.1.1]:80"} {
		if !isPublic(address) {
			t.Errorf("%s counts as special", address)
		}
	}
}
