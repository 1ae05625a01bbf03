"""The table of the texts of the kvalitetsberättelse."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base


class StoryText(Base):
    """What somebody has written under one heading (`rules.story.StorySection`) of a year's kvalitetsberättelse."""

    __tablename__ = "story_text"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    section: Mapped[str] = mapped_column(String(30), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
