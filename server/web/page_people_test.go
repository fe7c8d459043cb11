package web

import (
	"strings"
	"time"

	"sundial/models"
	"sundial/server/organization"
)

func (s sample) signIns() []organization.SignIn {
	return []organization.SignIn{
		{At: sampleNow, Address: "192.0.2.17"},
		{At: sampleNow.Add(-time.Hour), Address: "2001:db8:85a3::8a2e:370:7334", Refused: true, State: organization.UserActive},
		{At: sampleNow.AddDate(0, 0, -3), Refused: true, State: organization.UserInvited},
		{At: sampleNow.AddDate(0, 0, -4), Refused: true, State: organization.UserDisabled},
	}
}

// people has a user in every state, one of them with a name of many words.
func (s sample) people() []organization.UserView {
	reporter := []organization.Grant{{ID: 1, Role: models.Reporter, Unit: s.cities[1]}}
	return []organization.UserView{
		{User: models.User{ID: 11, Login: "admin", Name: "王小明", LastSignInAt: &sampleNow}, State: organization.UserActive, Tokens: 2,
			Grants: []organization.Grant{{ID: 2, Role: models.Administrator, Unit: s.province}, {ID: 3, Role: models.Supervisor, Unit: s.cities[2]}}},
		{User: models.User{ID: 12, Login: strings.Repeat("long.", 12) + "name", Name: strings.Repeat("齐鲁青未了", 40)}, State: organization.UserInvited, Grants: reporter, InvitedUntil: sampleNow.AddDate(0, 0, 2)},
		{User: models.User{ID: 13, Login: "expired", Name: strings.Repeat("Wolfeschlegelstein", 11)}, State: organization.UserInvited},
		{User: models.User{ID: 14, Login: "gone", Name: "赵某"}, State: organization.UserDisabled, Grants: reporter},
	}
}

// peoplePages has the pages about users, fresh and refused.
func peoplePages(s sample) []samplePage {
	refused := Refused{&models.Error{Code: models.Invalid, Key: "error.invalid", Fields: []models.Field{
		{Name: "login", Key: "organization.login"}, {Name: "name", Key: "organization.name_length", Args: models.Args("Max", 200)},
		{Name: "role", Key: "people.role_missing"}, {Name: "unit", Key: "users.unit_several", Args: models.Args("Text", "市")},
		{Name: "password", Key: "organization.password_short", Args: models.Args("Min", 10)}, {Name: "repeat", Key: "account.repeat_differs"}}}}
	field := UnitField{Text: "市", Open: true}
	for _, city := range s.cities[:6] {
		field.Candidates = append(field.Candidates, UnitCandidate{city, unitName(s.locale, s.province)})
	}
	list := newUsersPage(s.page(), UserFilter{Text: "王", Role: models.Reporter, State: organization.UserActive}, "a", organization.UserPage{Items: s.people(), Total: 104, Next: "x"})
	none := newUsersPage(s.page(), UserFilter{}, "", organization.UserPage{})
	several := newUsersPage(s.page(), UserFilter{Unit: field}, "", organization.UserPage{})
	several.Form.Refused, several.Form.Open, several.Form.Lang, several.Form.Grant.Unit, several.Form.Grant.Refused = refused, true, "en", field, refused
	unknown := newUsersPage(s.page(), UserFilter{Unit: UnitField{Text: "火星", Open: true}}, "", organization.UserPage{})
	pages := []samplePage{
		{"users-unknown", "users", unknown, []string{".empty", "main h1:not(:has(.head-sub))"}},
		{"users", "users", list, []string{".users tbody tr:nth-child(4)", ".user-state.is-disabled", "details.invite:not([open]) form[action='/users'] #new-login", "a[href='/users/admin']", ".pager a[rel=next][href*='cursor=x']", "select[name=role] option[value=reporter][selected]"}},
		{"users-none", "users", none, []string{".empty"}},
		{"users-several", "users", several, []string{"details.invite[open] #new-unit[aria-invalid]", "ul.candidates a[href*='unit=']", "#new-lang option[value=en][selected]", "fieldset.candidates input[name=unit_code]"}},
	}
	for _, user := range s.people() {
		page := newUserPage(s.page(), user, s.signIns())
		look := []string{"#grants form[action$='/grants'] #grant-unit[required]", ".sign-ins .is-refused"}
		switch user.State {
		case organization.UserActive:
			look = append(look, "form[action='/users/admin/reset'] button[name=confirm]", "form[action$='/grants/2/remove']", "form[action$='/revoke-tokens']", "form[action$='/disable']")
		case organization.UserInvited:
			look = append(look, "form[action$='/reset'] .btn-primary")
			page.Link = &InvitationLink{URL: "https://sundial.example.gov.cn/invitation/" + strings.Repeat("x", 43), ExpiresAt: sampleNow}
			page.Grant.Unit, page.Grant.Refused = field, refused
		default:
			look = append(look, "form[action$='/enable']")
			page.Refused, page.SignIns = Refused{models.NewError(models.Conflict, "people.reset_disabled", "Name", user.Name)}, nil
			look[1] = ".error-summary"
		}
		pages = append(pages, samplePage{"user-" + user.Login[:4], "user", page, look})
	}
	own := newUserPage(s.page(), s.people()[0], nil)
	own.Own = true
	invited, nobody := s.people()[1].User, Page{Locale: s.locale, Version: "0.1.0", Path: "/"}
	return append(pages, samplePage{"user-own", "user", own, []string{".note a[href='/account']", ".empty"}},
		samplePage{"invitation", "invitation", InvitationPage{Page: nobody, Invited: &invited}, []string{"form[method=post] #password[minlength]", "input[autocomplete=username]"}},
		samplePage{"invitation-refused", "invitation", InvitationPage{Page: s.page(), Invited: &invited, Refused: refused}, []string{"#repeat[aria-invalid]", "#password[aria-invalid]", ".note"}},
		samplePage{"invitation-over", "invitation", InvitationPage{Page: nobody, Refused: Refused{models.NewError(models.NotFound, "people.invitation_refused")}}, []string{".error-page p", "a[href='/login']"}})
}
