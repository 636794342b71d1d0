-- AlterTable
ALTER TABLE "classification" ADD COLUMN     "unsure" TEXT;

-- AlterTable
ALTER TABLE "custom_label" ADD COLUMN     "parent" TEXT;
