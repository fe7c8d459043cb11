package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"sundial/frontend"
	"sundial/server/gate"
)

// route is one page route with what it asks of its caller.
type route struct {
	method  string
	path    string
	access  gate.Access
	handler handler
}

// routes is the route table of the pages.
var routes = []route{
	{http.MethodGet, "/login", gate.Open(), (*Server).showLogin},
	{http.MethodPost, "/login", gate.Open(), (*Server).login},
	{http.MethodPost, "/logout", gate.Open(), (*Server).logout},
	{http.MethodPost, "/language", gate.Open(), (*Server).chooseLanguage},

	{http.MethodGet, "/", gate.SignedIn(), (*Server).showHome},
	{http.MethodGet, "/account", gate.SignedIn(), (*Server).showAccount},
	{http.MethodPost, "/account/password", gate.SignedIn(), (*Server).changePassword},

	{http.MethodGet, "/units/:code/board", gate.To("board", "read"), (*Server).showBoard},
	{http.MethodGet, "/units/:code/chart.json", gate.To("board", "read"), (*Server).showChart},
	{http.MethodGet, "/units/:code", gate.To("duty", "read"), (*Server).showUnit},

	{http.MethodGet, "/duties", gate.To("duty", "read"), (*Server).listDuties},
	{http.MethodGet, "/duties/:id", gate.To("duty", "read"), (*Server).showDuty},
	{http.MethodPost, "/duties/:id/reports", gate.To("report", "file"), (*Server).fileReport},
	{http.MethodPost, "/duties/:id/starts", gate.To("trigger", "register"), (*Server).registerStart},

	{http.MethodGet, "/queue", gate.To("report", "verify"), (*Server).showQueue},
	{http.MethodPost, "/reports/:id/verify", gate.To("report", "verify"), (*Server).verifyReport},
	{http.MethodPost, "/reports/:id/return", gate.To("report", "return"), (*Server).returnReport},

	{http.MethodGet, "/audit", gate.To("audit", "read"), (*Server).showAudit},

	{http.MethodGet, "/policies", gate.To("policy", "read"), (*Server).listPolicies},
	{http.MethodGet, "/policies/:code", gate.To("policy", "read"), (*Server).showPolicy},
	{http.MethodPost, "/policies/:code/activations", gate.To("policy", "activate"), (*Server).activatePolicy},
}

// Route is a page route as the tests of access walk them.
type Route struct {
	Method string
	Path   string
	Access gate.Access
}

// Routes returns the route table of the pages.
func Routes() []Route {
	list := make([]Route, len(routes))
	for i, r := range routes {
		list[i] = Route{r.method, r.path, r.access}
	}
	return list
}

// Register adds all pages and the assets to the engine.
func (s *Server) Register(engine *gin.Engine) {
	for _, r := range routes {
		engine.Handle(r.method, r.path, s.handle(r.access, r.handler))
	}
	engine.GET(frontend.AssetPrefix+"*name", gin.WrapH(s.Assets))
	engine.HEAD(frontend.AssetPrefix+"*name", gin.WrapH(s.Assets))
}
