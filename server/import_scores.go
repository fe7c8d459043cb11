package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/assessment"
	"sundial/server/compliance"
)

// scoresKind is the kind of files of scores, which are taken over whole or not at all.
const scoresKind = "scores"

// importScores takes the scores of a round over, or says on standard error what is wrong
// with each row by its cell.
func (r *importRun) importScores(file *os.File) error {
	round, err := r.round()
	if err != nil {
		return err
	}
	content, err := io.ReadAll(io.LimitReader(file, assessment.ScoreLimits.File+1))
	if err != nil {
		return r.unreadable(err)
	}
	sent := assessment.ScoreFile{Round: round, Side: r.side(), Name: filepath.Base(r.File), Content: content}
	checked, err := r.app.scores.CheckScores(r.ctx, r.actor, sent)
	if err != nil {
		return err
	}
	bad := checked.FaultCount > 0
	if !r.DryRun && !bad {
		if checked, err = r.app.scores.ImportScores(r.ctx, r.actor, sent, checked.Digest); err != nil {
			return err
		}
		bad = checked.FaultCount > 0
	}
	for _, fault := range checked.Faults {
		fmt.Fprintf(r.stderr, "%s: %s: %s\n", r.File, fault.Name, oneLine(r.locale.Text(fault.Key, fault.Args)))
	}
	key := "cli.import.scores_done"
	if bad || r.DryRun {
		key = "cli.import.scores_checked"
	}
	if err := r.say(key, "Rows", checked.Rows, "Blank", checked.Blank, "Added", checked.Added, "Changed", checked.Changed, "Same", checked.Same, "Units", checked.Units); err != nil {
		return err
	}
	if bad {
		return refusal("cli.import.bad_rows", "Count", checked.BadRows)
	}
	return nil
}

func (r *importRun) side() models.ScoreSide {
	if r.Self {
		return models.SelfSide
	}
	return models.OfficeSide
}

// round is the one named, or else the only one that is being scored.
func (r *importRun) round() (uint64, error) {
	if r.Round != 0 {
		return r.Round, nil
	}
	rounds, err := r.app.scores.ScoringRounds(r.ctx, r.actor)
	if err != nil {
		return 0, err
	}
	titles := make([]string, len(rounds))
	for i, round := range rounds {
		titles[i] = fmt.Sprintf("%d (%s)", round.ID, round.Title)
	}
	switch len(rounds) {
	case 1:
		return rounds[0].ID, nil
	case 0:
		return 0, refusal("cli.import.no_round")
	default:
		return 0, refusal("cli.import.round_needed", "Rounds", titles)
	}
}

// scorer is who imports scores: a user, or the program itself, which does the work of
// offices, or with --self that of units, everywhere.
func (c *importCommand) scorer(e *environment, a *app) (compliance.Actor, error) {
	if c.As != "" {
		return c.actor(e, a)
	}
	role := models.Supervisor
	if c.Self {
		role = models.Reporter
	}
	return compliance.Actor{Access: a.table.Access(rbac.Grant{Role: role, Path: "/"})}, nil
}
