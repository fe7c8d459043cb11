package gate

import (
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// policy forbids everything that the pages do not need: no inline script or
// style, no other host, no framing.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// SecureHeaders tells the browser what the pages never do.
func SecureHeaders(c *gin.Context) {
	header := c.Writer.Header()
	header.Set("Content-Security-Policy", policy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "same-origin")
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	header.Set("Cache-Control", "no-store")
	c.Next()
}

// methods are those that routes answer; a client may make up any other word.
var methods = []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions}

// Metrics counts requests and their time by route, method and status.
func Metrics(registry prometheus.Registerer) gin.HandlerFunc {
	seconds := promauto.With(registry).NewHistogramVec(prometheus.HistogramOpts{
		Name: "sundial_request_seconds", Help: "Time to answer a request.", Buckets: prometheus.DefBuckets,
	}, []string{"route", "method", "status"})
	return func(c *gin.Context) {
		begin := time.Now()
		c.Next()
		route := c.FullPath()
		if route == "" {
			route = "none"
		}
		method := c.Request.Method
		if !slices.Contains(methods, method) {
			method = "other"
		}
		seconds.WithLabelValues(route, method, itoa(c.Writer.Status())).Observe(time.Since(begin).Seconds())
	}
}
