package main

import (
	"net/http"
	"net/url"
	"testing"

	"sundial/models"
)

// The version that the page of freezing sends is the scheme's, not the program's.
func TestADraftIsFrozenByTheFormOfItsPage(t *testing.T) {
	w := newWorld(t)
	b := w.signIn("province")
	draft := "/schemes/" + draftScheme(w.parent)
	form := b.get(draft + "/freeze").want(http.StatusOK).page().Find("form[action='" + draft + "/freeze']")
	b.post(draft+"/freeze", url.Values{"version": {form.Find("[name=version]").AttrOr("value", "")}}).want(http.StatusSeeOther)
	var row models.ScoringScheme
	if err := w.store.Read(t.Context()).Take(&row, w.parent.draft).Error; err != nil || row.Status != models.SchemeFrozen {
		t.Errorf("the scheme is %s, %v", row.Status, err)
	}
}
