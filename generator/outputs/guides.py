"""The printed guides: of all questions, of the first fifty, and a handout for each section."""

from __future__ import annotations

from pathlib import Path

from generator.model import Ranked
from generator.outputs import Job, Plan, printing_job
from generator.read.identity import slug
from generator.render.book import plan_book
from generator.render.handout import plan_handout

TOP = 50
"""How many questions the short guide has."""


def jobs(plan: Plan) -> list[Job]:
    """The PDFs of a build; a build of a part of the bank has only its study guide."""
    if plan.stem:
        return [_guide(plan, plan.stem, "Study guide", len(plan.chosen))]
    guides = [_guide(plan, "study-guide", "Study guide", len(plan.chosen)), _guide(plan, f"top-{TOP}", f"Top {TOP}", TOP)]
    return guides + _handouts(plan)


def _guide(plan: Plan, name: str, kind: str, count: int) -> Job:
    def write(path: Path) -> tuple[str, ...]:
        from generator.outputs import binding

        content, printed = plan.content, plan.printed
        questions = printed.chosen[:count]
        book = plan_book(kind, printed.bank, questions, printed.rendered, content.config, content.survey, plan.time)
        return binding.write_book(path, book, plan.press)

    return printing_job(f"pdf/{name}.pdf", write)


def _handouts(plan: Plan) -> list[Job]:
    """A job for each section; the whole bank where it has none."""
    groups: dict[str, list[Ranked]] = {}
    for ranked in plan.printed.chosen:
        sections = ranked.question.sections
        groups.setdefault(slug(sections[0]) if sections else plan.content.bank.slug, []).append(ranked)
    return [_handout(plan, name, questions) for name, questions in groups.items()]


def _handout(plan: Plan, name: str, questions: list[Ranked]) -> Job:
    def write(path: Path) -> tuple[str, ...]:
        from generator.outputs import binding

        content, printed = plan.content, plan.printed
        section = next((ranked.question.sections[0] for ranked in questions if ranked.question.sections), "")
        handout = plan_handout(section, printed.bank, questions, printed.rendered, plan.numbers, content.config, plan.time)
        return binding.write_handout(path, handout, plan.press)

    return printing_job(f"pdf/handouts/{name}.pdf", write)
