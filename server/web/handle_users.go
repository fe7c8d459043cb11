package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/gate"
	"sundial/server/organization"
)

// usersPerPage is how many users a page of the list has; maxCandidates how many
// units it offers for a name that several have.
const (
	usersPerPage  = 50
	maxCandidates = 20
)

// mayManage returns where the caller manages users.
func (r *request) mayManage() rbac.Scope { return r.Actor.Access.Scope("user", "manage") }

func (s *Server) listUsers(r *request) error {
	page, err := s.usersPage(r)
	if err != nil {
		return err
	}
	return s.show(r, "users", page)
}

// usersPage reads the list as the query of the URL asks for it.
func (s *Server) usersPage(r *request) (UsersPage, error) {
	for _, values := range r.Request.URL.Query() {
		if !utf8.ValidString(strings.Join(values, "")) {
			return UsersPage{}, models.NewError(models.Invalid, "error.bad_form")
		}
	}
	filter := UserFilter{Text: strings.TrimSpace(r.Query("q")), Role: models.Role(r.Query("role")), State: organization.UserState(r.Query("state")),
		Unit: UnitField{Text: strings.TrimSpace(r.Query("unit"))}}
	query := organization.UserQuery{Scope: r.mayManage(), Actor: r.User, Text: filter.Text, Role: filter.Role, State: filter.State,
		Cursor: r.Query("cursor"), Limit: usersPerPage}
	unit, err := s.namedUnit(r, &filter.Unit)
	if err != nil {
		return UsersPage{}, err
	}
	var found organization.UserPage
	if unit != nil {
		query.Under = unit.Path
	}
	// A unit that is not settled yet lists nobody: all would be misleading.
	if !filter.Unit.Open {
		found, err = s.Directory.Users(r.Request.Context(), query)
	}
	return newUsersPage(s.page(r), filter, query.Cursor, found), err
}

// namedUnit returns the unit that a text names by its code or its whole name, nil
// when there is none or the text is empty. When the text may mean several, they
// are put into the field to choose from.
func (s *Server) namedUnit(r *request, field *UnitField) (*models.Unit, error) {
	if field.Text == "" {
		return nil, nil
	}
	ctx, scope := r.Request.Context(), r.mayManage()
	unit, err := s.Directory.Unit(ctx, scope, field.Text)
	if err == nil {
		return &unit, nil
	}
	if !models.IsCode(err, models.NotFound) {
		return nil, err
	}
	units, err := s.Directory.Search(ctx, scope, field.Text, maxCandidates)
	if err != nil {
		return nil, err
	}
	named := slices.DeleteFunc(slices.Clone(units), func(unit models.Unit) bool {
		return unit.Name != field.Text && !strings.EqualFold(unit.NameEN, field.Text)
	})
	if len(named) == 1 {
		return &named[0], nil
	}
	field.Open = true
	for _, unit := range units {
		above, err := s.above(ctx, r, unit)
		if err != nil {
			return nil, err
		}
		field.Candidates = append(field.Candidates, UnitCandidate{unit, above})
	}
	return nil, nil
}

// above names the units above a unit that the caller may see.
func (s *Server) above(ctx context.Context, r *request, unit models.Unit) (string, error) {
	path, err := s.Directory.Ancestors(ctx, unit)
	if err != nil {
		return "", err
	}
	var names []string
	for _, ancestor := range path {
		if r.may("board", "read", ancestor) {
			names = append(names, unitName(r.Locale, ancestor))
		}
	}
	return strings.Join(names, " › "), nil
}

// grantFields reads the role and the unit of a form: by code when one of the
// candidates was chosen, else by the text, unless that was changed since. A unit
// that is not settled is a problem of the field unit.
func (s *Server) grantFields(r *request) (GrantFields, string, error) {
	fields := GrantFields{Role: models.Role(r.PostForm("role")), Unit: UnitField{Text: strings.TrimSpace(r.PostForm("unit"))}}
	if code := r.PostForm("unit_code"); code != "" && r.PostForm("unit_searched") == fields.Unit.Text {
		return fields, code, nil
	}
	unit, err := s.namedUnit(r, &fields.Unit)
	switch {
	case err != nil:
		return fields, "", err
	case unit != nil:
		return fields, unit.Code, nil
	case fields.Unit.Text == "":
		return fields, "", nil
	case len(fields.Unit.Candidates) > 0:
		return fields, "", models.InvalidFields([]models.Field{{Name: "unit", Key: "users.unit_several", Args: models.Args("Text", fields.Unit.Text)}})
	default:
		return fields, "", models.InvalidFields([]models.Field{{Name: "unit", Key: "users.unit_unknown", Args: models.Args("Text", fields.Unit.Text)}})
	}
}

// inviteUser adds a user and shows the new user's page with the link, which no
// later page has: it goes out with this answer and is kept nowhere.
func (s *Server) inviteUser(r *request) error {
	fields, unit, err := s.grantFields(r)
	input := organization.Invitee{Login: strings.TrimSpace(r.PostForm("login")), Name: strings.TrimSpace(r.PostForm("name")),
		Locale: r.PostForm("lang"), Role: fields.Role, Unit: unit}
	var link organization.Link
	if err == nil {
		link, err = s.Directory.Invite(r.Request.Context(), r.User, r.mayManage(), input)
	}
	var refused *models.Error
	if errors.As(err, &refused) && (refused.Code == models.Invalid || refused.Code == models.Conflict) {
		page, pageErr := s.usersPage(r)
		if pageErr != nil {
			return pageErr
		}
		fields.Prefix, fields.Optional, fields.Error = page.Form.Grant.Prefix, true, refused
		page.Form = InviteForm{Refused: Refused{refused}, Open: true, Login: input.Login, Name: input.Name, Lang: input.Locale, Grant: fields}
		s.send(r, gate.ProblemOf(r.Request.Context(), r.Locale, err).Status, "users", page)
		return nil
	}
	if err != nil {
		return err
	}
	return s.showLink(r, input.Login, http.StatusCreated, link)
}
