"""The course: where its chapters and exercises are, and how a learner works on copies of them."""
