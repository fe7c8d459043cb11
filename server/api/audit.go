package api

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"sundial/models"
	"sundial/server/audit"
	"sundial/server/gate"
)

// AuditInput asks for a page of the audit log.
type AuditInput struct {
	Unit   string `query:"unit" doc:"Code of the unit whose subtree is concerned; all that the caller may see when left out" example:"370000"`
	User   string `query:"user" doc:"Id of a user, or a part of a login or name"`
	Action string `query:"action" doc:"What was done" example:"verify"`
	Object string `query:"object" doc:"To what kind of object" example:"report"`
	ID     string `query:"id" doc:"Id of the object; a duty takes in its reports, drafts and evidence"`
	From   string `query:"from" doc:"First day, YYYY-MM-DD in Asia/Shanghai"`
	To     string `query:"to" doc:"Last day"`
	Cursor string `query:"cursor" doc:"next of the page before"`
	Limit  string `query:"limit" doc:"Entries on a page, at most 200" example:"50"`
}

// AuditOutput is a page of the audit log.
type AuditOutput struct {
	Body struct {
		Items []AuditEntry `json:"items"`
		Next  string       `json:"next,omitempty" doc:"cursor of the next page; absent on the last one"`
	}
}

// AuditEntry is what the log says of one write.
type AuditEntry struct {
	Entry    string          `json:"entry" doc:"Strand and number, as audit verify names it" example:"3-17"`
	At       time.Time       `json:"at"`
	UserID   *uint64         `json:"user_id" doc:"null for what the program did by itself or by a command"`
	User     string          `json:"user" doc:"Name of the user, as it was"`
	Behalf   string          `json:"behalf" doc:"Name of the unit in whose name the user acted"`
	Via      string          `json:"via" doc:"browser, token or command; empty for the program itself"`
	Address  string          `json:"address,omitempty" doc:"From where; for administrators of the unit only"`
	Action   string          `json:"action"`
	Object   string          `json:"object"`
	ObjectID uint64          `json:"object_id"`
	Unit     *string         `json:"unit" doc:"Code of the unit concerned, null for what concerns none"`
	Changes  json.RawMessage `json:"changes" doc:"By field, what it was before and is now"`
	Detail   json.RawMessage `json:"detail" doc:"What else there is to know"`
	Hash     string          `json:"hash" doc:"SHA-256 of the entry and of the hash before it in its strand"`
}

func (s *Server) listAudit(ctx context.Context, input *AuditInput) (*AuditOutput, error) {
	q := audit.Query{Access: gate.CallerOf(ctx).Actor.Access, User: input.User, Action: input.Action, Object: input.Object, Cursor: input.Cursor}
	r := bodyReader{}
	q.From, q.To = r.date("from", input.From), r.date("to", input.To)
	q.ID, q.Limit = r.id("id", input.ID), limitOf(input.Limit, audit.DefaultLimit)
	if err := models.InvalidFields(r.fields); err != nil {
		return nil, err
	}
	if input.Unit != "" {
		unit, err := s.unit(ctx, input.Unit, "audit", "read")
		if err != nil {
			return nil, err
		}
		q.Unit = &unit
	}
	page, err := s.Log.Entries(ctx, q)
	if err != nil {
		return nil, err
	}
	output := &AuditOutput{}
	output.Body.Items, output.Body.Next = []AuditEntry{}, page.Next
	for _, entry := range page.Items {
		output.Body.Items = append(output.Body.Items, auditEntryOf(entry))
	}
	return output, nil
}

func auditEntryOf(e audit.Entry) AuditEntry {
	shown := AuditEntry{Entry: e.Number(), At: e.At, UserID: e.UserID, User: e.UserName, Behalf: e.Behalf, Via: e.Via, Address: e.Address,
		Action: e.Action, Object: e.Object, ObjectID: e.ObjectID, Changes: rawJSON(e.Changes), Detail: rawJSON(e.Detail), Hash: e.Hash}
	if e.Unit != nil {
		shown.Unit = &e.Unit.Code
	}
	return shown
}

// rawJSON passes JSON on; what was touched and is none any more becomes a text.
func rawJSON(text string) json.RawMessage {
	if json.Valid([]byte(text)) {
		return json.RawMessage(text)
	}
	quoted, _ := json.Marshal(text) // a text always has JSON
	return quoted
}

// id reads a number of an object; none is 0.
func (r *bodyReader) id(name, text string) uint64 {
	if text == "" {
		return 0
	}
	id, err := strconv.ParseUint(text, 10, 63)
	if err != nil || id == 0 {
		r.fields = append(r.fields, models.Field{Name: name, Key: "audit.bad_id", Args: models.Args("Value", text)})
	}
	return id
}

// limitOf reads the number of items on a page. What is no number becomes one that
// is refused by the name of its field.
func limitOf(text string, usual int) int {
	if text == "" {
		return usual
	}
	limit, err := strconv.Atoi(text)
	if err != nil || limit == 0 {
		return -1
	}
	return limit
}
