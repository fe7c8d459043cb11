package store_test

import (
	"fmt"
	"strings"
	"testing"

	"sundial/server/store"
	"sundial/server/store/storetest"
)

// indexes are those that queries and invariants rest on: table, columns, and
// whether they are unique.
var indexes = []string{
	"units code unique", "units parent_id", "units path", "units successor_id",
	"users login unique",
	"grants user_id,role,unit_id unique", "grants unit_id",
	"tokens hash unique", "tokens user_id",
	"sessions expiry",
	"audit_entries at,strand,seq", "audit_entries unit_id,at,strand,seq", "audit_entries user_id,at,strand,seq",
	"audit_entries action,at,strand,seq", "audit_entries object,object_id",
	"policies code unique",
	"obligations code unique", "obligations policy_id",
	"activations policy_id,year unique",
	"duties obligation_id,unit_id,period,subject unique", "duties unit_id,year", "duties obligation_id,year",
	"reports duty_id", "reports status,id", "reports unit_id", "reports status,unit_id,filed_by,duty_id,checked_by", "reports filed_by,idempotency_key unique",
	"exemptions duty_id", "unit_changes parent_id", "unit_changes path", "drafts duty_id,user_id unique", "drafts user_id",
	"attachments duty_id", "attachments report_id", "attachments hash", "link_checks report_id", "extensions duty_id",
	"closings unit_id", "closings year", "closing_exceptions closing_id", "calendar_notices number,removed unique",
	"invitations hash unique", "invitations user_id",
	"people name", "people number unique", "people id_hash unique", "people merged_into",
	"postings person_id", "postings unit_id,known_until", "courses unit_id", "courses code unique", "training_plans unit_id,year unique",
	"plan_items plan_id", "plan_items course_id", "training_sessions course_id", "training_sessions unit_id,start_on", "training_sessions code unique",
	"nominations session_id,person_id,ended unique", "nominations person_id", "nominations unit_id",
	"attendances session_id,person_id,known_until unique", "attendances person_id,known_until", "attendances unit_id,held_on",
	"imports unit_id", "imports file_hash",
	"scoring_schemes code,edition unique", "scoring_schemes unit_id", "rounds scheme_id unique", "rounds unit_id",
	"round_assessors round_id,user_id,class unique", "sheets round_id,unit_id unique", "sheets round_id,class,final", "sheets unit_id",
	"sheet_marks sheet_id,indicator unique", "appeals sheet_id,indicator,ended unique", "appeals round_id,status", "appeals unit_id",
	"rectifications sheet_id,indicator unique", "rectifications unit_id,status", "rectifications round_id", "rectifications finding_id unique", "rectifications office_id,status",
	"rectification_steps rectification_id",
	"score_files sheet_id", "score_files appeal_id", "score_files hash",
	"score_imports round_id", "score_imports user_id", "score_imports sent_at",
	"messages unit_id", "messages object,object_id", "inbox_entries user_id,message_id unique", "inbox_entries user_id,arrived_at", "inbox_entries user_id,read_at",
	"inbox_entries sent_at",
	"tasks policy_id,code unique", "tasks unit_id", "task_shares task_id,unit_id unique", "task_shares unit_id", "task_steps share_id",
	"urges unit_id,status", "urges office_id,status", "urges status", "urge_items urge_id,object,object_id unique", "urge_items object,object_id",
	"urge_steps urge_id", "inspections unit_id", "inspection_units inspection_id,unit_id unique", "inspection_units unit_id",
	"findings inspection_id", "findings unit_id", "findings duty_id", "case_files object,object_id", "case_files hash",
	"bulletins series,edition unique", "bulletins unit_id", "bulletins round_id",
	"saved_views user_id,name unique",
}

func TestIndexes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for _, line := range indexes {
			table, _, _ := strings.Cut(line, " ")
			if found := tableIndexes(t, s, table); !found[line] {
				t.Errorf("no index %q among %v", line, found)
			}
		}
	})
}

func tableIndexes(t *testing.T, s *store.Store, table string) map[string]bool {
	t.Helper()
	list, err := s.Read(t.Context()).Migrator().GetIndexes(table)
	if err != nil {
		t.Fatal(err)
	}
	found := make(map[string]bool)
	for _, index := range list {
		line := fmt.Sprintf("%s %s", table, strings.Join(index.Columns(), ","))
		if unique, _ := index.Unique(); unique {
			line += " unique"
		}
		found[line] = true
	}
	return found
}
