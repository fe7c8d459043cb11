package evidence

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/idna"

	"sundial/models"
)

// listedHost is an entry of the list of hosts.
type listedHost struct {
	text     string // as it was given
	name     string // without the wildcard
	wildcard bool
	port     string // empty for 80 and 443
}

type hostList []listedHost

// parseHosts reads the list; blank entries count for nothing.
func parseHosts(entries []string) (hostList, error) {
	var list hostList
	for _, entry := range entries {
		if entry = strings.TrimSpace(entry); entry == "" {
			continue
		}
		host, err := parseHost(entry)
		if err != nil {
			return nil, models.NewError(models.Invalid, "link.allowed_host", "Entry", entry).Because(err)
		}
		list = append(list, host)
	}
	return list, nil
}

func parseHost(entry string) (listedHost, error) {
	host := listedHost{text: entry, name: entry}
	if _, err := netip.ParseAddr(entry); err != nil && strings.Contains(entry, ":") {
		if host.name, host.port, err = net.SplitHostPort(entry); err != nil {
			return host, err
		}
		if number, err := strconv.ParseUint(host.port, 10, 16); err != nil || number == 0 {
			return host, errors.New("no port")
		}
	}
	host.name, host.wildcard = strings.CutPrefix(host.name, "*.")
	name, err := plainHost(host.name)
	if _, address := netip.ParseAddr(name); host.wildcard && address == nil {
		return host, errors.New("a wildcard before an address")
	}
	host.name = name
	return host, err
}

// plainHost writes a host in the one way in which hosts are compared: lower
// case, Chinese names in their ASCII form, addresses in their shortest form.
func plainHost(host string) (string, error) {
	host = strings.TrimSuffix(host, ".")
	if address, err := netip.ParseAddr(host); err == nil {
		if address.Zone() != "" {
			return "", errors.New("an address with a zone")
		}
		return address.Unmap().String(), nil
	}
	if host == "" {
		return "", errors.New("no host")
	}
	return idna.Lookup.ToASCII(host)
}

// texts returns the entries as they were given.
func (l hostList) texts() []string {
	texts := make([]string, len(l))
	for i, host := range l {
		texts[i] = host.text
	}
	return texts
}

// listed tells whether the host of an address is on the list.
func (l hostList) listed(target *url.URL) bool {
	port := target.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[target.Scheme]
	}
	name, err := plainHost(target.Hostname())
	return err == nil && slices.ContainsFunc(l, func(h listedHost) bool { return h.matches(name, port) })
}

// exactly tells whether a host is on the list by its own name.
func (l hostList) exactly(host, port string) bool {
	name, err := plainHost(host)
	return err == nil && slices.ContainsFunc(l, func(h listedHost) bool { return !h.wildcard && h.matches(name, port) })
}

func (h listedHost) matches(name, port string) bool {
	if h.port != port && (h.port != "" || port != "80" && port != "443") {
		return false
	}
	if h.wildcard {
		return strings.HasSuffix(name, "."+h.name)
	}
	return name == h.name
}

// parseURL reads an address of the web: complete, http or https, without user
// name and password.
func parseURL(address string) (*url.URL, error) {
	if len(address) > maxURL {
		return nil, errors.New("too long")
	}
	target, err := url.Parse(address)
	switch {
	case err != nil:
		return nil, err
	case target.Scheme != "http" && target.Scheme != "https":
		return nil, errors.New("neither http nor https")
	case target.User != nil:
		return nil, errors.New("credentials in the address")
	}
	if _, err := plainHost(target.Hostname()); err != nil {
		return nil, err
	}
	return target, nil
}

// special are the addresses of IPv4, and inside the public ones of IPv6
// (2000::/3), that lead into the own network, to many, or nowhere, by the
// registries of special-purpose addresses (RFC 6890). What IPv6 has outside of
// 2000::/3 is special altogether: loopback, link-local, unique local, multicast,
// and IPv4 in disguise (NAT64).
var special = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
	"192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
	"224.0.0.0/4", "240.0.0.0/4",
	"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
)

var publicIPv6 = netip.MustParsePrefix("2000::/3")

func prefixes(texts ...string) []netip.Prefix {
	list := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		list[i] = netip.MustParsePrefix(text)
	}
	return list
}

// isPublic tells whether an address with its port is one of the open internet.
func isPublic(address string) bool {
	parsed, err := netip.ParseAddrPort(address)
	if err != nil {
		return false
	}
	ip := parsed.Addr().Unmap()
	if ip.Is6() && (ip.Zone() != "" || !publicIPv6.Contains(ip)) {
		return false
	}
	return !slices.ContainsFunc(special, func(p netip.Prefix) bool { return p.Contains(ip) })
}
