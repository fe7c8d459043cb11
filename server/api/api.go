package api

import (
	"context"
	"math"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/audit"
	"sundial/server/bulletin"
	"sundial/server/compliance"
	"sundial/server/figure"
	"sundial/server/gate"
	"sundial/server/organization"
	"sundial/server/supervision"
	"sundial/server/training"
)

// Server answers the JSON interface.
type Server struct {
	Ledger      *compliance.Ledger
	Desk        *training.Desk
	Assessment  *assessment.Desk
	Supervision *supervision.Desk
	Bulletins   *bulletin.Desk
	Figures     *figure.Desk
	Directory   *organization.Directory
	Log         *audit.Log
}

// Prefix is the path under which the interface is answered.
const Prefix = "/api/v1"

// Register adds all operations to the engine; each names what it asks of its
// caller. The description is at /api/v1/openapi.json.
func (s *Server) Register(engine *gin.Engine, version string) huma.API {
	config := huma.DefaultConfig("Sundial", version)
	config.OpenAPIPath = Prefix + "/openapi"
	config.DocsPath, config.SchemasPath = "", Prefix+"/schemas"
	config.CreateHooks = nil
	config.Info.Description = "Openness duties of government units: boards, duties, reports and decisions. Codes are GB/T 2260; dates are YYYY-MM-DD in Asia/Shanghai."
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"bearer": {Type: "http", Scheme: "bearer"}}
	huma.NewError, huma.NewErrorWithContext = exampleProblem, misfit
	api := humagin.New(engine, config)
	s.routes(api)
	describeFiles(api.OpenAPI())
	return api
}

// routes is the route table.
func (s *Server) routes(api huma.API) {
	operation(api, gate.To("board", "read"), http.MethodGet, http.StatusOK, "/boards/{unit}", "show-board", "The board of a unit, one row per child", s.showBoard)
	operation(api, gate.To("board", "read"), http.MethodGet, http.StatusOK, "/figures/{unit}/{figure}", "show-figure", "A figure of a unit's year: its finding and the numbers behind it", s.showFigure)
	operation(api, gate.To("duty", "read"), http.MethodGet, http.StatusOK, "/duties", "list-duties", "The duties of a unit's subtree", s.listDuties)
	operation(api, gate.To("duty", "read"), http.MethodGet, http.StatusOK, "/duties/{id}", "show-duty", "One duty with its reports", s.showDuty)
	operation(api, gate.To("report", "file"), http.MethodPost, http.StatusCreated, "/duties/{id}/reports", "file-report", "File a report for a duty", s.fileReport)
	operation(api, gate.To("report", "file"), http.MethodPost, http.StatusCreated, "/duties/{id}/evidence", "attach-evidence", "Attach a file to the own draft for a duty", s.attachEvidence)
	operation(api, gate.To("report", "read"), http.MethodGet, http.StatusOK, "/evidence/{id}", "download-evidence", "A file of a report or of a draft", s.downloadEvidence)
	operation(api, gate.To("report", "file"), http.MethodDelete, http.StatusNoContent, "/evidence/{id}", "detach-evidence", "Take a file off the own draft", s.detachEvidence)
	operation(api, gate.To("report", "file"), http.MethodPut, http.StatusOK, "/duties/{id}/draft", "save-draft", "Save what was typed for a duty", s.saveDraft)
	operation(api, gate.To("report", "file"), http.MethodGet, http.StatusOK, "/duties/{id}/draft", "show-draft", "The own draft for a duty", s.showDraft)
	operation(api, gate.To("report", "file"), http.MethodDelete, http.StatusNoContent, "/duties/{id}/draft", "discard-draft", "Throw the own draft for a duty away", s.discardDraft)
	operation(api, gate.To("report", "file"), http.MethodPost, http.StatusOK, "/reports/{id}/withdraw", "withdraw-report", "Take a report back before it is decided on", s.withdrawReport)
	operation(api, gate.To("trigger", "register"), http.MethodPost, http.StatusNoContent, "/duties/{id}/starts", "register-start", "Register the document or incident from which a duty's term runs", s.registerStart)
	operation(api, gate.To("exemption", "grant"), http.MethodPost, http.StatusNoContent, "/duties/{id}/exemption", "grant-exemption", "Exempt a unit from a duty", s.grantExemption)
	operation(api, gate.To("report", "verify"), http.MethodPost, http.StatusOK, "/reports/{id}/verify", "verify-report", "Accept a report", s.verifyReport)
	operation(api, gate.To("report", "return"), http.MethodPost, http.StatusOK, "/reports/{id}/return", "return-report", "Send a report back with the reason", s.returnReport)
	s.decisionRoutes(api)
	s.bulletinRoutes(api)
	operation(api, gate.To("rotation", "read"), http.MethodGet, http.StatusOK, "/rotations/{policy}/coverage", "show-coverage", "How far a rotation has come in a unit's subtree, one entry per child", s.showRotation)
	operation(api, gate.To("score", "read"), http.MethodGet, http.StatusOK, "/rankings", "show-ranking", "The ranking of a scheme, class by class, best first", s.showRanking, http.StatusConflict)
	operation(api, gate.To("audit", "read"), http.MethodGet, http.StatusOK, "/audit", "list-audit", "The audit log, newest first", s.listAudit)
}

// AccessKey is the metadata key under which an operation has its gate.Access.
const AccessKey = "access"

// operation adds one operation: it admits the caller, runs the handler and turns
// its error into a problem in the caller's language. It may answer the problems of its
// method, and also those named.
func operation[I, O any](api huma.API, access gate.Access, method string, status int, path, id, summary string, handler func(context.Context, *I) (*O, error), also ...int) {
	op := huma.Operation{OperationID: id, Method: method, Path: Prefix + path, Summary: summary, DefaultStatus: status,
		Security: []map[string][]string{{"bearer": {}}}, Metadata: map[string]any{AccessKey: access},
		Errors: append(statusesOf(method), also...)}
	op.Middlewares = huma.Middlewares{func(c huma.Context, next func(huma.Context)) {
		caller := gate.CallerOf(c.Context())
		if err := access.Admit(caller); err != nil {
			writeProblem(api, c, gate.ProblemOf(c.Context(), caller.Locale, err))
			return
		}
		// Databases have no id of 64 bits: there is nothing of that number.
		if id, err := strconv.ParseUint(c.Param("id"), 10, 64); err == nil && id > math.MaxInt64 {
			writeProblem(api, c, gate.ProblemOf(c.Context(), caller.Locale, models.NewError(models.NotFound, "error.not_found")))
			return
		}
		next(c)
	}}
	huma.Register(api, op, func(ctx context.Context, input *I) (*O, error) {
		output, err := handler(ctx, input)
		if err != nil {
			return nil, gate.ProblemOf(ctx, gate.CallerOf(ctx).Locale, err)
		}
		return output, nil
	})
}

// statusesOf are the problems that an operation may answer.
func statusesOf(method string) []int {
	statuses := []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity,
		http.StatusInternalServerError, http.StatusServiceUnavailable}
	if method != http.MethodGet {
		statuses = append(statuses, http.StatusBadRequest, http.StatusConflict, http.StatusPreconditionFailed,
			http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
	}
	return statuses
}

// Fail answers an error outside of the operations, such as an unknown path.
func Fail(c *gin.Context, err error) {
	problem := gate.ProblemOf(c.Request.Context(), gate.CallerOf(c.Request.Context()).Locale, err)
	c.Header("Content-Type", problem.ContentType(""))
	c.JSON(problem.Status, problem)
}

func writeProblem(api huma.API, c huma.Context, problem *gate.Problem) {
	c.SetHeader("Content-Type", problem.ContentType(""))
	c.SetStatus(problem.Status)
	// The caller is gone when this fails.
	_ = api.Marshal(c.BodyWriter(), "application/json", problem)
}

// unit returns the unit with the code when the caller may do the action there;
// otherwise it is NotFound, as if it were not there.
func (s *Server) unit(ctx context.Context, code, object, action string) (models.Unit, error) {
	return s.Directory.Unit(ctx, gate.CallerOf(ctx).Actor.Access.Scope(object, action), code)
}
