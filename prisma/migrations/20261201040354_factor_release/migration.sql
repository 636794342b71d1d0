-- CreateTable
CREATE TABLE "factor_release" (
    "number" INTEGER NOT NULL,
    "rho" DOUBLE PRECISION NOT NULL,
    "deviation" DOUBLE PRECISION NOT NULL,
    "factors" JSONB,
    "releasedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "factor_release_pkey" PRIMARY KEY ("number")
);
